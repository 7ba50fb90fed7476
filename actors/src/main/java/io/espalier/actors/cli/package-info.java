/** The program {@code espalier}: its command line, its exit codes and the smaller commands. */
@NullMarked
package io.espalier.actors.cli;

import org.jspecify.annotations.NullMarked;
