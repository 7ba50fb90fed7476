/** The engine's side of statistics: what is gathered of each layer over batches. */
package io.espalier.trainer.observer;
