/**
 * Labels for rows that no run has seen: files read in batches, a stored network applied to them.
 */
package io.espalier.trainer.predict;
