/** Diagnoses a stored network: each diagnostic is a class, listed in {@code Diagnostics}. */
package io.espalier.trainer.analysis;
