/** A replica: the network under masks, its batches, steps and evaluation. */
package io.espalier.trainer.replica;
