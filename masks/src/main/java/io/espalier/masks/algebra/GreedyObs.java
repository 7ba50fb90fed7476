package io.espalier.masks.algebra;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Removes blocks of inputs from linear layers, those first whose removal costs least once all
 * inputs that are left make up for it (optimal brain surgeon of blocks; Hassibi and Stork, "Second
 * order derivatives for network pruning: optimal brain surgeon", 1993).
 *
 * <pre>
 * cost of B      Σ ½ w[B]ᵀ ([H⁻¹][B,B])⁻¹ w[B]            over all outputs w
 * without B      w −= w[B] ([H⁻¹][B,B])⁻¹ [H⁻¹][B,:],     H⁻¹ −= [H⁻¹][:,B] ([H⁻¹][B,B])⁻¹ [H⁻¹][B,:]
 * </pre>
 *
 * <p>Layers that read the same blocks lose them together. Not thread-safe.
 */
public final class GreedyObs {
  private final List<Layer> layers = new ArrayList<>();

  /** A layer's weights and the inverse of its curvature while inputs are removed. */
  private static final class Layer {
    private final double[][] weights;
    private final double[][] inverse;

    Layer(double[][] weights, SymmetricMatrix inverse) {
      this.weights = weights;
      this.inverse =
          IntStream.range(0, inverse.size()).mapToObj(inverse::row).toArray(double[][]::new);
    }

    private Cholesky factor(int[] inputs) {
      return Cholesky.of(
              SymmetricMatrix.of(inputs.length, (a, b) -> inverse[inputs[a]][inputs[b]]),
              Double.MIN_VALUE)
          .orElseThrow(() -> new ArithmeticException("a curvature must have an inverse"));
    }

    double cost(int[] inputs) {
      Cholesky factor = factor(inputs);
      double cost = 0;
      for (double[] row : weights) {
        double[] solved = of(row, inputs);
        factor.solve(solved);
        for (int i = 0; i < inputs.length; i++) {
          cost += .5 * row[inputs[i]] * solved[i];
        }
      }
      return cost;
    }

    void remove(int[] inputs) {
      Cholesky factor = factor(inputs);
      double[][] rows =
          IntStream.of(inputs).mapToObj(input -> inverse[input].clone()).toArray(double[][]::new);
      subtract(weights, inputs, rows, factor);
      subtract(inverse, inputs, rows, factor);
    }

    /** From each row its share of the removed inputs' rows of the inverse. */
    private static void subtract(double[][] from, int[] inputs, double[][] rows, Cholesky factor) {
      for (double[] row : from) {
        double[] shares = of(row, inputs);
        factor.solve(shares);
        for (int i = 0; i < inputs.length; i++) {
          for (int j = 0; j < row.length; j++) {
            row[j] -= shares[i] * rows[i][j];
          }
        }
        for (int input : inputs) {
          row[input] = 0;
        }
      }
    }

    private static double[] of(double[] row, int[] inputs) {
      return IntStream.of(inputs).mapToDouble(input -> row[input]).toArray();
    }
  }

  /**
   * Adds a layer.
   *
   * @param weights one row per output; changed by {@link #costs}
   * @param inverse of the curvature of its inputs, which is positive definite
   */
  public GreedyObs with(double[][] weights, SymmetricMatrix inverse) {
    layers.add(new Layer(weights, inverse));
    return this;
  }

  /** Removes a block from all layers. */
  public void remove(int[] inputs) {
    if (inputs.length > 0) {
      layers.forEach(layer -> layer.remove(inputs));
    }
  }

  /**
   * Removes all blocks.
   *
   * @param blocks inputs of each, ascending, which do not overlap
   * @param batch inputs that are removed at a time, 1 or more; at least one block is
   * @return for each block the cost of its removal and of all before it, 0 or more
   */
  public double[] costs(List<int[]> blocks, int batch) {
    double[] costs = new double[blocks.size()];
    List<Integer> left = new ArrayList<>(IntStream.range(0, costs.length).boxed().toList());
    double total = 0;
    while (!left.isEmpty()) {
      double[] own = new double[costs.length];
      for (int block : left) {
        own[block] = layers.stream().mapToDouble(layer -> layer.cost(blocks.get(block))).sum();
      }
      left.sort(Comparator.comparingDouble(block -> own[block]));
      List<Integer> next = first(left, blocks, batch);
      for (int block : next) {
        total += Math.max(0, own[block]);
        costs[block] = total;
      }
      remove(
          next.stream().flatMapToInt(block -> IntStream.of(blocks.get(block))).sorted().toArray());
      left.removeAll(next);
    }
    return costs;
  }

  private static List<Integer> first(List<Integer> sorted, List<int[]> blocks, int batch) {
    int inputs = 0;
    List<Integer> next = new ArrayList<>();
    for (int block : sorted) {
      inputs += blocks.get(block).length;
      if (!next.isEmpty() && inputs > batch) {
        break;
      }
      next.add(block);
    }
    return next;
  }
}
