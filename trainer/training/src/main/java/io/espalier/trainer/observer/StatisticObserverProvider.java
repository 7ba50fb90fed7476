package io.espalier.trainer.observer;

import io.espalier.configs.plugin.Plugin;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.Optional;

/** Makes the observers of a statistic; {@code Statistic.observer} returns its name. */
public interface StatisticObserverProvider extends Plugin {
  @Override
  default PluginKind kind() {
    return PluginKind.OBSERVER;
  }

  /** Whether it reads gradients, for which each batch takes a backward pass. */
  default boolean needsGradients() {
    return false;
  }

  /** Whether it reads what reaches layers, which is copied for it. */
  default boolean needsInputs() {
    return false;
  }

  /** Whether it reads what layers give, which is copied for it; with gradients, those by it too. */
  default boolean needsOutputs() {
    return false;
  }

  /** Whether it reads the residual around the layers, which is copied for it. */
  default boolean needsResiduals() {
    return false;
  }

  /**
   * Whether outputs of layers that a residual goes around come with gradients of the length of what
   * their units give, example by example, for which each batch takes passes of their own.
   */
  default boolean needsBlockGradients() {
    return false;
  }

  /** Whether labels of examples count, of which gradients of the loss are one case. */
  default boolean needsLabels() {
    return needsGradients();
  }

  /**
   * Passes of its own over each batch, of which it reads {@link LayerActivations#passed} alone;
   * empty of an observer that shares its passes with others.
   */
  default Optional<WeightPasses> passes(StatisticRequest request) {
    return Optional.empty();
  }

  /** Makes the observer of one layer, which sees {@code request.batches()} batches. */
  StatisticObserver create(StatisticRequest request, ObservedLayer at);
}
