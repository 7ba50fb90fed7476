/** Labelled examples: how they are normalised, varied, dealt out and ordered. */
@NullMarked
package io.espalier.trainer.data;

import org.jspecify.annotations.NullMarked;
