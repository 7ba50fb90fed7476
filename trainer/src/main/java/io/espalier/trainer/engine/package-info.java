/** The engine: threads, constants, masks as arrays and optimizers. */
package io.espalier.trainer.engine;
