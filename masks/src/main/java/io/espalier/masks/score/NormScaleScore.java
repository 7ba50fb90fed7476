package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.masks.statistic.NormScales;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;
import java.util.Map;

/**
 * The size of the scale of the norm behind a channel, of several their sum ("Learning efficient
 * convolutional networks through network slimming", Liu, Li, Shen, Huang, Yan and Zhang, 2017).
 */
final class NormScaleScore implements ScoreProvider {
  private static final String NAME = "batch-norm-scale";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<PluginKind, String> needs() {
    return ChannelScore.NEEDS;
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return new Sizes();
  }

  private record Sizes() implements ChannelScore {
    @Override
    public List<StatisticRequest> requests() {
      return List.of(NormScales.REQUEST);
    }

    @Override
    public boolean isOfGivers() {
      return true;
    }

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public List<double[]> of(ScoredParameter weight, int axis, boolean weightsOnly) {
      double[] sizes = new double[weight.shape().dimensions().get(axis)];
      float[] scales = weight.statistic(NormScales.REQUEST);
      for (int channel = 0; axis == 0 && channel < scales.length; channel++) {
        sizes[channel] = Math.abs(scales[channel]);
      }
      return List.of(sizes);
    }

    @Override
    public double value(double sum) {
      return sum;
    }
  }
}
