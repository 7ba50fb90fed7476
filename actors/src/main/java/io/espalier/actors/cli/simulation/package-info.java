/** {@code espalier simulate}: a federation of clients that are not there. */
@NullMarked
package io.espalier.actors.cli.simulation;

import org.jspecify.annotations.NullMarked;
