package io.espalier.masks.refit;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.refit.Compensation.OfKept;
import io.espalier.masks.refit.Compensation.OfPruned;
import io.espalier.masks.statistic.InputStatistic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The least squares of one layer; outputs that keep the same inputs share a factorisation. */
final class LayerRefit {
  /** Beyond it an inverse of double precision is not exact enough to invert a part of it. */
  private static final double LARGEST_CONDITION = 1e7;

  private final int features;
  private final int outputs;
  private final float[] weights;
  private final Optional<float[]> bias;
  private final List<LayerProducts> groups;

  LayerRefit(
      ParameterShape shape,
      float[] weights,
      Optional<float[]> bias,
      float[] products,
      float[] means) {
    this.features = InputStatistic.features(shape);
    this.outputs = shape.dimensions().get(0);
    this.weights = weights;
    this.bias = bias;
    this.groups =
        IntStream.range(0, means.length / features)
            .mapToObj(group -> new LayerProducts(products, bias.map(b -> means), features, group))
            .toList();
  }

  /** Changes kept weights and biases; {@code ridge} is relative. */
  void refit(Mask kept, double ridge) {
    int perGroup = outputs / groups.size();
    for (int group = 0; group < groups.size(); group++) {
      Map<Mask, List<Integer>> alike = new LinkedHashMap<>();
      for (int output = group * perGroup; output < (group + 1) * perGroup; output++) {
        Mask row = row(kept, output);
        if (loses(row, output)) {
          alike.computeIfAbsent(row, key -> new ArrayList<>()).add(output);
        }
      }
      if (groups.get(group).scale() > 0) {
        refit(groups.get(group), alike, ridge);
      }
    }
  }

  private Mask row(Mask kept, int output) {
    return Mask.of(features, input -> kept.isKept(output * features + input));
  }

  private boolean loses(Mask row, int output) {
    return IntStream.range(0, features)
        .anyMatch(input -> !row.isKept(input) && weights[output * features + input] != 0);
  }

  private void refit(LayerProducts products, Map<Mask, List<Integer>> alike, double ridge) {
    Optional<double[][]> inverse =
        products.condition(ridge) <= LARGEST_CONDITION && invertsFaster(products, alike)
            ? Optional.of(products.inverse(ridge))
            : Optional.empty();
    alike.forEach(
        (row, rows) -> {
          int[] stays = inputs(products, row);
          Compensation compensation =
              inverse.isPresent() && row.pruned() < stays.length
                  ? new OfPruned(inverse.get(), pruned(row))
                  : new OfKept(products, stays, ridge);
          rows.forEach(output -> add(compensation.change(gone(row, output)), stays, output));
        });
  }

  /** Compares multiplications: an inverse takes six times those of a factor, n³/6. */
  private static boolean invertsFaster(LayerProducts products, Map<Mask, List<Integer>> alike) {
    double byKept = 0;
    double byFewer = 6 * cube(products.inputs());
    for (Mask row : alike.keySet()) {
      byKept += cube(products.inputs() - row.pruned());
      byFewer += cube(Math.min(products.inputs() - row.pruned(), row.pruned()));
    }
    return byFewer < byKept;
  }

  private static double cube(double length) {
    return length * length * length;
  }

  private int[] inputs(LayerProducts products, Mask row) {
    return IntStream.range(0, products.inputs())
        .filter(input -> input == features || row.isKept(input))
        .toArray();
  }

  private int[] pruned(Mask row) {
    return IntStream.range(0, features).filter(input -> !row.isKept(input)).toArray();
  }

  private double[] gone(Mask row, int output) {
    return IntStream.range(0, features)
        .mapToDouble(input -> row.isKept(input) ? 0 : weights[output * features + input])
        .toArray();
  }

  private void add(double[] change, int[] inputs, int output) {
    for (int input : inputs) {
      if (input == features) {
        float[] biases = bias.orElseThrow();
        biases[output] = (float) (biases[output] + change[input]);
      } else {
        int at = output * features + input;
        weights[at] = (float) (weights[at] + change[input]);
      }
    }
  }
}
