/** Computes what training minimises, and evaluates networks; plain Java, without the engine. */
package io.espalier.trainer.objective;
