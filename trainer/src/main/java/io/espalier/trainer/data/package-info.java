/** Labelled examples: how they are normalised, varied, dealt out and ordered. */
package io.espalier.trainer.data;
