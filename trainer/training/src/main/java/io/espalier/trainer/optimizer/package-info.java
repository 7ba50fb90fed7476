/** Optimizer steps in plain Java, in place and in a fixed order. */
package io.espalier.trainer.optimizer;
