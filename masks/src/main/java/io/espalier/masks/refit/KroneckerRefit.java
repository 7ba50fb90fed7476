package io.espalier.masks.refit;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.algebra.Damping;
import io.espalier.masks.statistic.OutputGradientProducts;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import java.util.List;
import java.util.stream.Stream;

/**
 * The update of optimal brain surgeon for the loss, all of a layer at once, with a curvature that
 * is the Kronecker product of mean products {@code G} of gradients by outputs and {@code A} of
 * inputs (van der Ouderaa, Nagel, van Baalen, Asano and Blankevoort, "The LLM Surgeon", 2024): kept
 * weights of all outputs make up for what goes in any.
 *
 * <pre>
 * minimise  ½ tr(G D A Dᵀ),   D what changes, D[P] = −W[P]:   (G D[S] A)[S] = (G W[P] A)[S]
 * </pre>
 *
 * <p>Solved by conjugate gradients, never with the product itself. Both factors have {@code
 * damping} times the mean of their diagonals added. The bias is the weight of one more input that
 * is always 1. Outputs of different groups of a convolution do not make up for each other.
 */
final class KroneckerRefit implements RefitProvider {
  private static final String ITERATIONS = "iterations";

  @Override
  public String name() {
    return "kfac";
  }

  @Override
  public PluginKeys keys() {
    return RefitInputs.with(Damping.with(RefitBatches.keys()).whole(ITERATIONS, 100));
  }

  @Override
  public void check(MemberSettings settings) {
    RefitBatches.check(settings);
    RefitInputs.check(settings);
    int iterations = settings.whole(ITERATIONS);
    Damping.OF_FACTORS
        .require(new Rules(), settings)
        .require(ITERATIONS, iterations, iterations >= 1 && iterations <= 10_000, "from 1 to 10000")
        .verify();
  }

  @Override
  public Refit create(MemberSettings settings) {
    int batches = RefitBatches.of(settings);
    return new OfEachLayer(
        MeasuredLayers.over(batches),
        StatisticRequest.of(OutputGradientProducts.OF_OUTPUTS, batches),
        Damping.of(settings),
        settings.whole(ITERATIONS),
        RefitInputs.arePruned(settings));
  }

  private record OfEachLayer(
      MeasuredLayers layers,
      StatisticRequest outputs,
      double damping,
      int iterations,
      boolean readsPrunedInputs)
      implements Refit {
    @Override
    public List<StatisticRequest> requests() {
      return Stream.concat(layers.requests().stream(), Stream.of(outputs)).toList();
    }

    @Override
    public void check(List<ParameterShape> prunable) {
      layers.check(prunable);
    }

    @Override
    public void refit(EditableState values, MaskSet kept, Statistics statistics) {
      for (int p = 0; p < kept.parameters().size(); p++) {
        Mask mask = kept.masks().get(p);
        float[] products = statistics.of(outputs, p).get(0);
        layers
            .layer(values, kept, p, statistics)
            .ifPresent(
                layer -> {
                  for (int group = 0; group < layer.groups().size(); group++) {
                    if (layer.groups().get(group).scale() > 0) {
                      new KroneckerSystem(layer, group, mask, products, damping).solve(iterations);
                    }
                  }
                });
      }
    }
  }
}
