package io.espalier.trainer.model;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.ModelConfig;
import io.espalier.trainer.network.ImageShape;
import java.util.ArrayList;
import java.util.List;

/** The dense baseline of a pruned network: same depth, narrower, as many weights as it keeps. */
public final class SmallDense {
  private SmallDense() {}

  public static ModelConfig.Mlp modelFor(
      ModelConfig.Architecture model, ImageShape input, int classes, long kept) {
    List<Integer> hidden = hidden(model);
    List<Integer> best = hidden.stream().map(width -> 1).toList();
    long most = weights(best, input, classes);
    if (most > kept) {
      throw InvalidConfigException.of(
          "model",
          "must have weights for a width of 1 in each hidden layer: kept=%d, needed=%d"
              .formatted(kept, most));
    }
    for (int base : hidden) {
      for (int width = 1; width <= base; width++) {
        List<Integer> scaled = scaled(hidden, 2L * width - 1, 2L * base);
        long weights = weights(scaled, input, classes);
        if (weights <= kept && weights > most) {
          most = weights;
          best = scaled;
        }
      }
    }
    return new ModelConfig.Mlp(best);
  }

  private static long weights(List<Integer> hidden, ImageShape input, int classes) {
    long weights = 0;
    long before = input.size();
    for (int width : hidden) {
      weights += before * width;
      before = width;
    }
    return weights + before * classes;
  }

  /** Widths change only at factors {@code (2·width − 1) / (2·base)}, which are exact here. */
  private static List<Integer> scaled(List<Integer> hidden, long numerator, long denominator) {
    List<Integer> scaled = new ArrayList<>();
    for (int width : hidden) {
      long nearest = (2L * width * numerator + denominator) / (2 * denominator);
      scaled.add(Math.toIntExact(Math.max(1, nearest)));
    }
    return scaled;
  }

  private static List<Integer> hidden(ModelConfig.Architecture model) {
    if (model instanceof ModelConfig.Mlp mlp) {
      return mlp.hidden();
    }
    if (model instanceof ModelConfig.LeNet300100) {
      return List.of(300, 100);
    }
    throw InvalidConfigException.of(
        "model.kind", "must be mlp or lenet-300-100 to be narrowed: kind=" + model.kind());
  }
}
