/** Committed state on disk, complete and verified. */
@NullMarked
package io.espalier.trainer.checkpoint;

import org.jspecify.annotations.NullMarked;
