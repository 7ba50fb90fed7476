/** Optimizers and learning rates. */
@NullMarked
package io.espalier.trainer.optimizer;

import org.jspecify.annotations.NullMarked;
