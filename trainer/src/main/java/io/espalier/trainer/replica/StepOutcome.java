package io.espalier.trainer.replica;

/**
 * What one step measured on its batch, before its update.
 *
 * @param loss mean cross-entropy in nats, against the smoothed labels where the recipe smooths them
 */
public record StepOutcome(long step, double loss, int correct, int examples, double learningRate) {}
