package io.espalier.trainer.replica;

/**
 * Loss and accuracy of one step's batch, before its update.
 *
 * @param loss mean cross-entropy in nats, against the smoothed labels where the recipe smooths them
 */
public record StepOutcome(long step, double loss, int correct, int examples, double learningRate) {}
