/** The command line. */
@NullMarked
package io.espalier.actors.cli;

import org.jspecify.annotations.NullMarked;
