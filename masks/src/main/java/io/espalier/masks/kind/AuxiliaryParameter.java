package io.espalier.masks.kind;

import io.espalier.configs.Rules;
import io.espalier.masks.ParameterShape;
import java.util.List;
import java.util.Optional;

/**
 * Values that a mask kind has beside a prunable weight. They are averaged, stored and cut with it;
 * networks that are handed out do not have them.
 *
 * @param name lower-case words joined by hyphens; stored values are called {@code weight.name}
 * @param initial the values at the start
 * @param training how the optimizer trains the values; empty if only the kind itself changes them
 * @param untilLastUpdate whether the values are dropped, to 0, with the last mask update
 */
public record AuxiliaryParameter(
    String name,
    Extent extent,
    StartingValues initial,
    Optional<Training> training,
    boolean untilLastUpdate) {
  private static final String NAME = "[a-z][a-z0-9]*(-[a-z0-9]+)*";

  public AuxiliaryParameter {
    new Rules()
        .require(
            "name",
            name,
            name.matches(NAME) && !name.matches("moment\\d+"),
            "lower-case words joined by hyphens, and not that of a moment")
        .verify();
  }

  /** Starts with one value everywhere. */
  public AuxiliaryParameter(
      String name,
      Extent extent,
      float initial,
      Optional<Training> training,
      boolean untilLastUpdate) {
    this(name, extent, StartingValues.of(initial), training, untilLastUpdate);
    new Rules().require("initial", initial, Float.isFinite(initial), "finite").verify();
  }

  /** The part of a weight that one value stands for. */
  public enum Extent {
    UNIT,
    /** The weights of one output: one index of axis 0. */
    ROW,
    LAYER
  }

  /**
   * The run's optimizer with a rate and a decay of its own. The clip norm does not count it.
   *
   * @param rate factor of the learning rate
   * @param weightDecay L2 factor, of AdamW decoupled
   * @param scaled whether the gradient of a layer's values is divided by its root mean square, so
   *     that a step's size does not follow from the size of the loss's gradient
   */
  public record Training(double rate, double weightDecay, boolean scaled) {
    public Training {
      new Rules()
          .require("rate", rate, rate > 0 && Double.isFinite(rate), "above 0")
          .require("weight-decay", weightDecay, weightDecay >= 0 && weightDecay <= 1, "from 0 to 1")
          .verify();
    }

    /** The gradient as it is. */
    public Training(double rate, double weightDecay) {
      this(rate, weightDecay, false);
    }
  }

  AuxiliaryParameter starting(StartingValues other) {
    return new AuxiliaryParameter(name, extent, other, training, untilLastUpdate);
  }

  /** The sizes of these values beside a weight of {@code shape}. */
  public List<Integer> dimensions(ParameterShape shape) {
    return switch (extent) {
      case UNIT -> shape.dimensions();
      case ROW -> shape.dimensions().subList(0, 1);
      case LAYER -> List.of(1);
    };
  }
}
