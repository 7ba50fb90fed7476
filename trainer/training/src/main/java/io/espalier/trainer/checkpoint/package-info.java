/** Verified checkpoints of committed states, and the run epochs that fence them. */
package io.espalier.trainer.checkpoint;
