package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.masks.statistic.AxisProducts;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * First-order estimate of the square by which the loss changes without a channel: mean over batches
 * of {@code (Σ w · ∂L/∂w)²}, summed over the channel's weights, biases and norm parameters
 * ("Importance estimation for neural network pruning", Molchanov, Mallya, Tyree, Frosio and Kautz,
 * 2019).
 */
final class ChannelTaylorScore implements ScoreProvider {
  private static final String NAME = "channel-taylor";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public PluginKeys keys() {
    return DataBatches.keys(4);
  }

  @Override
  public void check(MemberSettings settings) {
    DataBatches.check(settings);
  }

  @Override
  public Map<PluginKind, String> needs() {
    return ChannelScore.NEEDS;
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return new OfChannels(AxisProducts.over(DataBatches.of(settings)));
  }

  private record OfChannels(StatisticRequest products) implements ChannelScore {
    @Override
    public List<StatisticRequest> requests() {
      return List.of(products);
    }

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public List<double[]> of(ScoredParameter weight, int axis, boolean weightsOnly) {
      int length = weight.shape().dimensions().get(axis);
      List<float[]> sums = weight.statistics(products);
      boolean besides = axis == 0 && !weightsOnly;
      List<double[]> terms = new ArrayList<>();
      for (int from = 0; from < sums.get(axis).length; from += length) {
        double[] each = new double[length];
        for (int index = 0; index < length; index++) {
          each[index] =
              sums.get(axis)[from + index]
                  + (besides ? sums.get(AxisProducts.BESIDE)[from + index] : 0.0);
        }
        terms.add(each);
      }
      return terms;
    }

    @Override
    public double value(double sum) {
      return sum * sum;
    }
  }
}
