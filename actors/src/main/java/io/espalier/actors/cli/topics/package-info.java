/** {@code espalier topics}. */
@NullMarked
package io.espalier.actors.cli.topics;

import org.jspecify.annotations.NullMarked;
