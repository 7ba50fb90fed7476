/** The executor on the tensor engine: passes over masked parameters, gauges, optimizer steps. */
package io.espalier.trainer.executor.engine;
