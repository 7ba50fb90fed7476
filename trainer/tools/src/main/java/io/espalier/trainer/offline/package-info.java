/** Pruning of stored networks without training. */
package io.espalier.trainer.offline;
