/** The train command and its live progress. */
@NullMarked
package io.espalier.actors.cli.train;

import org.jspecify.annotations.NullMarked;
