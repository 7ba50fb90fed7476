/** A recipe with all that follows from it, before anything is written. */
@NullMarked
package io.espalier.trainer.prepare;

import org.jspecify.annotations.NullMarked;
