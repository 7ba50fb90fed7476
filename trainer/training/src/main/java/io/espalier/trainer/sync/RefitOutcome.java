package io.espalier.trainer.sync;

/**
 * Measures what a refit did at a mask update.
 *
 * @param layers that lost weights
 * @param changed those of them of which it changed kept weights, a bias or a norm
 */
public record RefitOutcome(int layers, int changed) {}
