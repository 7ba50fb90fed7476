/** A replica: the network under masks, its batches, optimizer steps and evaluation. */
package io.espalier.trainer.replica;
