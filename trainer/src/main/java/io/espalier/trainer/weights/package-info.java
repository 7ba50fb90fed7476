/** The values that a run starts from: drawn ones, or those of a file from anywhere. */
@NullMarked
package io.espalier.trainer.weights;

import org.jspecify.annotations.NullMarked;
