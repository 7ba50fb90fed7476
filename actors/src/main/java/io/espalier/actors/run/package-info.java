/** One run from its recipe to its files: supervision, directory, events, summary. */
@NullMarked
package io.espalier.actors.run;

import org.jspecify.annotations.NullMarked;
