/** Committed states on disk: whole, verified, and resumed to the bit. */
@NullMarked
package io.espalier.trainer.checkpoint;

import org.jspecify.annotations.NullMarked;
