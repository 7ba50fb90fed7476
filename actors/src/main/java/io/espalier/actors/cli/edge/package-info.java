/** The command of a federation's devices. */
@NullMarked
package io.espalier.actors.cli.edge;

import org.jspecify.annotations.NullMarked;
