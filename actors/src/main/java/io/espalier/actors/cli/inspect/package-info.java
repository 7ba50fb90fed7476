/** Stored networks from the command line: what a file holds, and how well it does. */
@NullMarked
package io.espalier.actors.cli.inspect;

import org.jspecify.annotations.NullMarked;
