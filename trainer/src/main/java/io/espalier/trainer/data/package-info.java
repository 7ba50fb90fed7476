/** Labelled examples: where they come from, how they are normalised, dealt out and ordered. */
@NullMarked
package io.espalier.trainer.data;

import org.jspecify.annotations.NullMarked;
