/** The seam between a replica and what computes for it; plain Java, without the engine. */
package io.espalier.trainer.executor;
