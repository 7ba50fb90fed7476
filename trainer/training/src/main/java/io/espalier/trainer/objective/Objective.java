package io.espalier.trainer.objective;

import io.espalier.configs.plugin.PluginCall;
import io.espalier.trainer.network.Network;
import java.util.List;
import java.util.Optional;

/**
 * Computes what training minimises, and evaluates a network. A pure function of its arguments:
 * replicas and resumed runs get the same bits. Confined to the replica's thread.
 */
public interface Objective extends AutoCloseable {
  /**
   * Returns the mean loss of a batch and sets its slope: {@code gradient} receives ∂(mean loss) /
   * ∂logit for every logit.
   *
   * @param logits {@code [batch, classes]}, row-major; not to be changed
   * @param labels one per row
   * @param taps what else the batch has; only what is asked for costs anything
   * @param gradient {@code [batch, classes]}, row-major; its values before have no meaning
   */
  @PluginCall("compute the gradient of a batch")
  double gradient(
      float[] logits, int[] labels, int classes, ObjectiveInputs taps, float[] gradient);

  /** The loss of one row in an evaluation; cross-entropy in nats unless overridden. */
  @PluginCall("compute the loss of a row")
  default double loss(float[] logits, int row, int classes, int label) {
    return CrossEntropy.of(logits, row, classes, label);
  }

  /** The class that a network answers with: the first of the largest logits unless overridden. */
  @PluginCall("answer a row")
  default int answer(float[] logits, int row, int classes) {
    return CrossEntropy.argmax(logits, row, classes);
  }

  /** Refuses a network that it cannot train, with an {@code InvalidConfigException}. */
  @PluginCall(value = "check the network", prepares = true)
  default void check(Network network) {}

  /**
   * Returns the cross-entropy that {@link #gradient} computes, for which back ends may take
   * operations of their own in its place; empty if it computes anything else.
   */
  @PluginCall(value = "say whether it is cross-entropy", prepares = true)
  default Optional<CrossEntropy> crossEntropy() {
    return Optional.empty();
  }

  /**
   * Returns what trains blocks in place of {@link #gradient}; empty if the whole network is
   * trained.
   */
  @PluginCall(value = "say what it trains", prepares = true)
  default Optional<OfBlocks> blocks() {
    return Optional.empty();
  }

  /** Trains the transformer blocks of a network, each by itself: gradients end where it begins. */
  @FunctionalInterface
  interface OfBlocks {
    /**
     * Returns the sum of the blocks' losses and sets its slope by what each gives.
     *
     * @param blocks in graph order; of each, what it read is not trained
     * @param gradients one array per block, as long as what it gave; their values before have no
     *     meaning
     */
    @PluginCall("compute the gradient of blocks")
    double gradient(List<BlockValues> blocks, ObjectiveInputs taps, List<float[]> gradients);
  }

  /** Frees what the objective holds beside its settings. */
  @PluginCall("be closed")
  @Override
  default void close() {}
}
