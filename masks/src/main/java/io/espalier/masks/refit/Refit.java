package io.espalier.masks.refit;

import io.espalier.configs.plugin.PluginCall;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Changes kept weights, biases or norms once a mask update has chosen, so that they make up for
 * what goes. Deterministic.
 */
public interface Refit {
  /**
   * The statistics that it needs, measured under the masks before the update, or as {@link
   * #readsPrunedInputs} says.
   */
  @PluginCall(value = "name the statistics it needs", prepares = true)
  List<StatisticRequest> requests();

  /** A part of a layer that a refit can change. */
  enum Part {
    WEIGHTS("weights that are trained"),
    BIAS("a bias that is trained"),
    NORM("a batch norm that alone reads it");

    private final String words;

    Part(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /**
   * The parts that it changes; a run is refused where no layer that loses weights has any of them.
   */
  @PluginCall(value = "say what it changes", prepares = true)
  default Set<Part> changes() {
    return Set.of(Part.WEIGHTS);
  }

  /**
   * Refuses weights that it cannot refit, before a run starts.
   *
   * @throws io.espalier.configs.InvalidConfigException naming rule, weight and way out
   */
  @PluginCall(value = "check the weights", prepares = true)
  default void check(List<ParameterShape> prunable) {}

  /**
   * Refuses weights that it cannot refit, where it reads how layers are added to each other.
   *
   * @param addends of a weight, as {@link EditableState#addends}
   */
  @PluginCall(value = "check the weights", prepares = true)
  default void check(
      List<ParameterShape> prunable, Function<ParameterId, List<ParameterShape>> addends) {
    check(prunable);
  }

  /**
   * Whether it is called for one layer after the other, in the network's order, with the mask of
   * that layer alone. Its measured statistics are then of that layer, in the network whose earlier
   * layers are pruned and refitted and whose later ones are as before the update. Other statistics
   * are not given.
   */
  @PluginCall(value = "say which inputs it reads", prepares = true)
  default boolean readsPrunedInputs() {
    return false;
  }

  /**
   * Refits the values of an update.
   *
   * @param kept the masks after the update; the caller sets the units that they prune to 0
   */
  @PluginCall("refit")
  void refit(EditableState values, MaskSet kept, Statistics statistics);
}
