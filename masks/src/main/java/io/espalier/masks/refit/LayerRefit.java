package io.espalier.masks.refit;

import io.espalier.masks.Mask;
import io.espalier.masks.algebra.SymmetricMatrix;
import io.espalier.masks.refit.Compensation.OfKept;
import io.espalier.masks.refit.Compensation.OfPruned;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The least squares of one layer; outputs that keep the same inputs share a factorisation. */
final class LayerRefit {
  /** Beyond it an inverse of double precision is not exact enough to invert a part of it. */
  private static final double LARGEST_CONDITION = 1e7;

  private final LayerValues layer;
  private final int features;

  LayerRefit(LayerValues layer) {
    this.layer = layer;
    this.features = layer.features();
  }

  /** Changes kept weights and biases; {@code ridge} is relative. */
  void refit(Mask kept, double ridge) {
    refit(kept, ridge, output -> Optional.empty());
  }

  /**
   * Changes kept weights and biases where outputs are to give more than before.
   *
   * @param more mean products of what an output is to give besides with all inputs, the constant
   *     one included; empty if it is nothing
   */
  void refit(Mask kept, double ridge, IntFunction<Optional<double[]>> more) {
    for (int group = 0; group < layer.groups().size(); group++) {
      Map<Mask, List<Integer>> alike = new LinkedHashMap<>();
      for (int output : layer.outputs(group)) {
        if (layer.loses(kept, output) || more.apply(output).isPresent()) {
          alike.computeIfAbsent(row(kept, output), key -> new ArrayList<>()).add(output);
        }
      }
      if (layer.groups().get(group).scale() > 0) {
        refit(layer.groups().get(group), alike, ridge, more);
      }
    }
  }

  private Mask row(Mask kept, int output) {
    return Mask.of(features, input -> layer.isKept(kept, output, input));
  }

  private void refit(
      LayerProducts products,
      Map<Mask, List<Integer>> alike,
      double ridge,
      IntFunction<Optional<double[]>> more) {
    Optional<SymmetricMatrix> inverse =
        products.condition(ridge) <= LARGEST_CONDITION && invertsFaster(products, alike)
            ? Optional.of(products.inverse(ridge))
            : Optional.empty();
    alike.forEach(
        (row, rows) -> {
          int[] stays = inputs(products, row);
          Compensation compensation =
              inverse.isPresent() && row.pruned() > 0 && row.pruned() < stays.length
                  ? new OfPruned(inverse.get(), pruned(row))
                  : new OfKept(products, stays, ridge);
          rows.forEach(
              output -> {
                add(compensation.change(gone(row, output)), stays, output);
                more.apply(output)
                    .ifPresent(each -> add(compensation.weights(each), stays, output));
              });
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
        .mapToDouble(input -> row.isKept(input) ? 0 : layer.value(output, input))
        .toArray();
  }

  private void add(double[] change, int[] inputs, int output) {
    for (int input : inputs) {
      layer.set(output, input, layer.value(output, input) + change[input]);
    }
  }
}
