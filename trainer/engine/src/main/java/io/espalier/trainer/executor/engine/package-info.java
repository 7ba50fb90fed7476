/** The executor on the tensor engine: passes over masked parameters, observers, optimizer steps. */
package io.espalier.trainer.executor.engine;
