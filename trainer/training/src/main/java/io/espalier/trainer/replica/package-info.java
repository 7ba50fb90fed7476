/** A replica: its batches, its executor, and its evaluations. */
package io.espalier.trainer.replica;
