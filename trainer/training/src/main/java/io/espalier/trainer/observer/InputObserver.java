package io.espalier.trainer.observer;

import io.espalier.masks.statistic.InputPowers;
import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;
import java.util.function.Function;

/** Means over all rows of what a weight multiplies. */
record InputObserver(String name, Function<StatisticRequest, Term> ofRequest, boolean isSymmetric)
    implements StatisticObserverProvider {
  InputObserver(InputStatistic statistic, Term term) {
    this(statistic.observer(), request -> term, false);
  }

  interface Term {
    /** Adds a row to the sums of its group, which begin at {@code from}. */
    void add(float[] row, double[] sums, int from);
  }

  static void addValues(float[] row, double[] sums, int from) {
    for (int i = 0; i < row.length; i++) {
      sums[from + i] += row[i];
    }
  }

  static void addSquares(float[] row, double[] sums, int from) {
    for (int i = 0; i < row.length; i++) {
      sums[from + i] += (double) row[i] * row[i];
    }
  }

  /** Mean of a power of each feature's absolute value. */
  static InputObserver powers() {
    return new InputObserver(
        InputPowers.OBSERVER,
        request -> {
          int power = ((InputPowers) request.statistic()).power();
          return (row, sums, from) -> {
            for (int i = 0; i < row.length; i++) {
              sums[from + i] += Math.pow(Math.abs(row[i]), power);
            }
          };
        },
        false);
  }

  /** Mean of the product of each two features. */
  static InputObserver products() {
    return new InputObserver(
        InputStatistic.PRODUCTS.observer(), request -> InputObserver::addProducts, true);
  }

  /** Adds those in and above the diagonal, as the others are the same. */
  private static void addProducts(float[] row, double[] sums, int from) {
    for (int i = 0; i < row.length; i++) {
      double factor = row[i];
      int at = from + i * row.length;
      for (int j = factor == 0 ? row.length : i; j < row.length; j++) {
        sums[at + j] += factor * row[j];
      }
    }
  }

  @Override
  public boolean needsInputs() {
    return true;
  }

  @Override
  public StatisticObserver create(StatisticRequest request, ObservedLayer at) {
    int size = 1;
    for (int length : request.statistic().shapes(at.weight(), at.groups()).get(0)) {
      size = Math.multiplyExact(size, length);
    }
    return new Mean(ofRequest.apply(request), at.groups(), new double[size], isSymmetric);
  }

  private static final class Mean implements StatisticObserver {
    private final Term term;
    private final int groups;
    private final double[] sums;
    private final boolean isSymmetric;
    private long rows;

    Mean(Term term, int groups, double[] sums, boolean isSymmetric) {
      this.term = term;
      this.groups = groups;
      this.sums = sums;
      this.isSymmetric = isSymmetric;
    }

    @Override
    public void see(LayerActivations pass) {
      for (int group = 0; group < groups; group++) {
        int from = group * (sums.length / groups);
        boolean counts = group == 0;
        pass.forEachRow(
            group,
            row -> {
              term.add(row, sums, from);
              rows += counts ? 1 : 0;
            });
      }
    }

    @Override
    public List<float[]> result() {
      float[] means = Means.of(sums, rows);
      if (isSymmetric) {
        mirror(means);
      }
      return List.of(means);
    }

    /** Copies what is above the diagonal below it, in matrices that follow each other. */
    private void mirror(float[] matrices) {
      int size = (int) Math.round(Math.sqrt((double) matrices.length / groups));
      for (int from = 0; from < matrices.length; from += size * size) {
        for (int row = 1; row < size; row++) {
          for (int column = 0; column < row; column++) {
            matrices[from + row * size + column] = matrices[from + column * size + row];
          }
        }
      }
    }
  }
}
