/** Committed states on disk: whole, verified, and resumed to the bit. */
package io.espalier.trainer.checkpoint;
