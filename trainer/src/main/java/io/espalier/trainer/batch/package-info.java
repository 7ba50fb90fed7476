/** Batches of examples on the engine, and what comes out of them: losses, counts, evaluations. */
@NullMarked
package io.espalier.trainer.batch;

import org.jspecify.annotations.NullMarked;
