/**
 * Labels for rows that no run has seen: files read in batches, a stored network applied to them.
 */
@NullMarked
package io.espalier.trainer.predict;

import org.jspecify.annotations.NullMarked;
