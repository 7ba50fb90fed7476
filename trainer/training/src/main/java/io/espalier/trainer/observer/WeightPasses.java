package io.espalier.trainer.observer;

import java.nio.FloatBuffer;
import java.util.List;

/** Passes that an observer takes over each batch for itself, which give one value per weight. */
@FunctionalInterface
public interface WeightPasses {
  /** Returns an array for each prunable weight, in order. */
  List<float[]> take(Runner runner);

  /** Takes passes under the target masks. */
  interface Runner {
    /** The stored weights, hidden ones included, to be read only. */
    List<FloatBuffer> weights();

    /**
     * Gradients of the batch's mean loss by all prunable weights.
     *
     * @param temperature what logits are divided by before the loss
     * @param shifts what is added to the prunable weights, one array each; empty if nothing is
     */
    List<float[]> gradients(double temperature, List<float[]> shifts);

    /**
     * Gradients of the sum of the outputs by all prunable weights, where the input is one example
     * of ones, every weight, bias and norm parameter is its absolute value, and norms scale by
     * their running variances without a mean. No batch is read.
     */
    List<float[]> flow();

    /**
     * Returns what each prunable weight passes on of the logits of the batch's labels, in mean over
     * the examples.
     */
    List<float[]> relevance();
  }
}
