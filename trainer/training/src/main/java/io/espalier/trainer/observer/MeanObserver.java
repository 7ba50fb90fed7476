package io.espalier.trainer.observer;

import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;

/** Means over batches of one term per weight. */
final class MeanObserver implements StatisticObserver {
  private final Terms terms;
  private final float[] sums;
  private final float share;

  /** Gives what a batch adds. */
  interface Terms {
    Term of(LayerActivations pass);
  }

  interface Term {
    float at(int unit);
  }

  MeanObserver(StatisticRequest request, ObservedLayer at, Terms terms) {
    this.terms = terms;
    this.sums = new float[at.weight().size()];
    this.share = 1f / request.batches();
  }

  @Override
  public void see(LayerActivations pass) {
    Term term = terms.of(pass);
    for (int unit = 0; unit < sums.length; unit++) {
      sums[unit] += term.at(unit) * share;
    }
  }

  @Override
  public List<float[]> result() {
    return List.of(sums);
  }
}
