package io.espalier.masks.refit;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import java.util.List;

/** A refit of one layer after the other from the mean products of its inputs. */
record ProductRefit(MeasuredLayers layers, boolean readsPrunedInputs, Solver solver)
    implements Refit {
  interface Solver {
    /** Changes kept weights and biases of a layer. */
    void refit(LayerValues layer, Mask kept);
  }

  static ProductRefit of(MemberSettings settings, Solver solver) {
    return new ProductRefit(
        MeasuredLayers.over(RefitBatches.of(settings)), RefitInputs.arePruned(settings), solver);
  }

  @Override
  public List<StatisticRequest> requests() {
    return layers.requests();
  }

  @Override
  public void check(List<ParameterShape> prunable) {
    layers.check(prunable);
  }

  @Override
  public void refit(EditableState values, MaskSet kept, Statistics statistics) {
    for (int p = 0; p < kept.parameters().size(); p++) {
      Mask mask = kept.masks().get(p);
      layers.layer(values, kept, p, statistics).ifPresent(layer -> solver.refit(layer, mask));
    }
  }
}
