/** The train command. */
@NullMarked
package io.espalier.actors.cli.train;

import org.jspecify.annotations.NullMarked;
