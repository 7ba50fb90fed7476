package io.espalier.masks.refit;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.statistic.AddendProducts;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * {@link LeastSquares} where layers whose outputs are added to each other, such as those that write
 * one residual, make up for what earlier ones lost (the multi-branch networks of He, Zhang and Sun,
 * "Channel pruning for accelerating very deep neural networks", 2017).
 *
 * <pre>
 * minimise  mean (x·w′ − x·w − Σₐ rₐ xₐ·(wₐ − w′ₐ))² + λ ‖w′ − w‖²  over the kept w′
 * (G[S,S] + λ I) d = G[S,P] w[P] + Σₐ rₐ C[S,·] (wₐ − w′ₐ),   C = mean x xₐᵀ
 * </pre>
 *
 * <p>The layers {@code a} come before in graph order, with {@code w′ₐ} as they are refitted; {@code
 * rₐ} is the factor of their output in the sum over that of this layer. The paper measures what the
 * earlier layers lost in the pruned network; here it is what they lose on the inputs that they had
 * before, measured once.
 */
final class LeastSquaresOfBranches implements RefitProvider {
  @Override
  public String name() {
    return "least-squares-branches";
  }

  @Override
  public PluginKeys keys() {
    return Ridge.keys();
  }

  @Override
  public void check(MemberSettings settings) {
    Ridge.check(settings);
  }

  @Override
  public Refit create(MemberSettings settings) {
    int batches = RefitBatches.of(settings);
    return new OfEachLayer(
        MeasuredLayers.over(batches),
        StatisticRequest.of(AddendProducts.OF_INPUTS, batches),
        Ridge.of(settings));
  }

  private record OfEachLayer(MeasuredLayers layers, StatisticRequest products, double ridge)
      implements Refit {
    @Override
    public List<StatisticRequest> requests() {
      return Stream.concat(layers.requests().stream(), Stream.of(products)).toList();
    }

    @Override
    public void check(
        List<ParameterShape> prunable, Function<ParameterId, List<ParameterShape>> addends) {
      layers.check(prunable, addends);
    }

    @Override
    public void refit(EditableState values, MaskSet kept, Statistics statistics) {
      AddendErrors errors = new AddendErrors(values, kept, statistics, products, layers.means());
      for (int p = 0; p < kept.parameters().size(); p++) {
        Optional<LayerValues> layer = layers.layer(values, kept, p, statistics);
        if (layer.isPresent()) {
          int inputs = layer.get().groups().get(0).inputs();
          new LayerRefit(layer.get()).refit(kept.masks().get(p), ridge, errors.of(p, inputs));
        }
      }
    }
  }
}
