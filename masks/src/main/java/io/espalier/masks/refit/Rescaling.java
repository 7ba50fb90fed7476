package io.espalier.masks.refit;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import java.util.List;

/**
 * Scales the kept weights of each layer to the squared length that all had before, so that outputs
 * of a new network keep their variance (Hayou, Ton, Doucet and Teh, "Robust pruning at
 * initialization", 2021). Meant for masks before the first step.
 */
final class Rescaling implements RefitProvider {
  @Override
  public String name() {
    return "rescale";
  }

  @Override
  public Refit create(MemberSettings settings) {
    return new OfEachLayer();
  }

  private record OfEachLayer() implements Refit {
    @Override
    public List<StatisticRequest> requests() {
      return List.of();
    }

    @Override
    public void refit(EditableState values, MaskSet kept, Statistics statistics) {
      for (int p = 0; p < kept.parameters().size(); p++) {
        ParameterId id = kept.parameters().get(p);
        Mask mask = kept.masks().get(p);
        float[] weights = values.values(id);
        double some = squares(weights, mask);
        double factor =
            some > 0 ? Math.sqrt(squares(weights, Mask.allKept(weights.length)) / some) : 1;
        mask.forEachKept(unit -> weights[unit] = (float) (weights[unit] * factor));
      }
    }

    private static double squares(float[] weights, Mask some) {
      double[] sum = {0};
      some.forEachKept(unit -> sum[0] += (double) weights[unit] * weights[unit]);
      return sum[0];
    }
  }
}
