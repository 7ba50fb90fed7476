/** Networks with fixed values on the engine: for predictions, analyses and teachers. */
package io.espalier.trainer.engine.frozen;
