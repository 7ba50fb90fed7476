package io.espalier.trainer.objective;

/** Gives an objective what it asks for of a training batch beside logits and labels. */
@FunctionalInterface
public interface ObjectiveInputs {
  /**
   * A copy of the inputs that gave the logits, normalised and augmented: {@code [batch, channels,
   * height, width]}, row-major.
   */
  float[] inputs();
}
