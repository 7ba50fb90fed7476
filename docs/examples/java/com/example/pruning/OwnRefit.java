package com.example.pruning;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.refit.EditableState;
import io.espalier.masks.refit.Refit;
import io.espalier.masks.refit.RefitProvider;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import java.util.List;

/** Scales the kept weights of each layer to the norm that all of its weights had. */
public final class OwnRefit implements RefitProvider {
  @Override
  public String name() {
    return "same-norm";
  }

  @Override
  public Refit create(MemberSettings settings) {
    return new Refit() {
      @Override
      public List<StatisticRequest> requests() {
        return List.of();
      }

      @Override
      public void refit(EditableState values, MaskSet kept, Statistics statistics) {
        for (ParameterId id : kept.parameters()) {
          float[] weights = values.values(id);
          Mask mask = kept.mask(id);
          double factor = norm(weights, Mask.allKept(weights.length)) / norm(weights, mask);
          mask.forEachKept(unit -> weights[unit] = (float) (weights[unit] * factor));
        }
      }
    };
  }

  private static double norm(float[] weights, Mask mask) {
    double[] squares = {1e-12};
    mask.forEachKept(unit -> squares[0] += (double) weights[unit] * weights[unit]);
    return Math.sqrt(squares[0]);
  }
}
