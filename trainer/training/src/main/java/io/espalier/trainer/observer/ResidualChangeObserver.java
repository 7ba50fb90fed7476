package io.espalier.trainer.observer;

import io.espalier.masks.statistic.ResidualChange;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.trainer.network.ResidualUnit;
import io.espalier.trainer.observer.ObservedLayer.ResidualPlace;
import java.util.Arrays;
import java.util.List;

/** Mean distances of a residual before and behind units, over positions and batches. */
final class ResidualChangeObserver implements StatisticObserverProvider {
  @Override
  public String name() {
    return ResidualChange.OBSERVER;
  }

  @Override
  public boolean needsResiduals() {
    return true;
  }

  @Override
  public StatisticObserver create(StatisticRequest request, ObservedLayer at) {
    ResidualChange change = (ResidualChange) request.statistic();
    float[] found = new float[change.consecutive()];
    if (at.residual().isEmpty()) {
      Arrays.fill(found, ResidualChange.OUTSIDE);
    }
    return at.residual()
        .filter(place -> place.isFirst() || !change.firstOnly())
        .<StatisticObserver>map(place -> new OfUnit(place, change, 1.0 / request.batches()))
        .orElseGet(() -> new Unmeasured(found));
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Unmeasured(float[] found) implements StatisticObserver {
    @Override
    public void see(LayerActivations pass) {
      // The weight is of no unit, or of one whose first weight has the values.
    }

    @Override
    public List<float[]> result() {
      return List.of(found);
    }
  }

  private static final class OfUnit implements StatisticObserver {
    private final ResidualPlace place;
    private final ResidualChange change;
    private final double share;
    private final double[] sums;

    OfUnit(ResidualPlace place, ResidualChange change, double share) {
      this.place = place;
      this.change = change;
      this.share = share;
      this.sums = new double[change.consecutive()];
    }

    @Override
    public void see(LayerActivations pass) {
      for (int window = 0; window < sums.length; window++) {
        int first = place.unit() - sums.length + 1 + window;
        int last = place.unit() + window;
        boolean outside = first < 0 || last >= place.units().size();
        sums[window] +=
            share
                * (outside
                    ? ResidualChange.OUTSIDE
                    : mean(pass, place.units().get(first), place.units().get(last)));
      }
    }

    private double mean(LayerActivations pass, ResidualUnit first, ResidualUnit last) {
      LayerInput before = pass.residual(first.from());
      LayerInput after = pass.residual(last.to());
      int features = before.channels();
      int places = before.height() * before.width();
      double sum = 0;
      int count = 0;
      for (int start = 0; start < before.values().length; start += features * places) {
        for (int at = 0; at < places; at++) {
          sum +=
              change.distance().of(before.values(), after.values(), start + at, places, features);
          count++;
        }
      }
      return sum / count;
    }

    @Override
    public List<float[]> result() {
      float[] means = new float[sums.length];
      for (int window = 0; window < means.length; window++) {
        means[window] = (float) sums[window];
      }
      return List.of(means);
    }
  }
}
