package io.espalier.trainer.observer;

import io.espalier.masks.statistic.AddendProducts;
import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.trainer.network.Addend;
import java.util.List;

/** Mean products of a layer's inputs with those of the layers whose outputs it is added to. */
final class AddendProductObserver implements StatisticObserverProvider {
  @Override
  public String name() {
    return AddendProducts.OBSERVER;
  }

  @Override
  public boolean needsInputs() {
    return true;
  }

  @Override
  public StatisticObserver create(StatisticRequest request, ObservedLayer at) {
    return new OfLayer(at.addends().stream().map(each -> new Products(at, each)).toList());
  }

  private record OfLayer(List<Products> ofAddends) implements StatisticObserver {
    @Override
    public void see(LayerActivations pass) {
      ofAddends.forEach(each -> each.see(pass));
    }

    @Override
    public List<float[]> result() {
      return ofAddends.stream().map(Products::means).toList();
    }
  }

  private static final class Products {
    private final Addend addend;
    private final float[] other;
    private final double[] sums;
    private long rows;

    Products(ObservedLayer at, Addend addend) {
      this.addend = addend;
      this.other = new float[InputStatistic.features(addend.weight())];
      this.sums =
          new double[Math.multiplyExact(InputStatistic.features(at.weight()), other.length)];
    }

    void see(LayerActivations pass) {
      int[] at = {0};
      pass.forEachRow(
          0,
          row -> {
            pass.fillRow(addend, at[0]++, other);
            add(row);
          });
      rows += at[0];
    }

    private void add(float[] row) {
      for (int i = 0; i < row.length; i++) {
        double factor = row[i];
        int from = i * other.length;
        for (int j = factor == 0 ? other.length : 0; j < other.length; j++) {
          sums[from + j] += factor * other[j];
        }
      }
    }

    float[] means() {
      return Means.of(sums, rows);
    }
  }
}
