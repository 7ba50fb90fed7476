/** How far a run is, for people: a line that is rewritten, or a line for each round. */
@NullMarked
package io.espalier.actors.cli.progress;

import org.jspecify.annotations.NullMarked;
