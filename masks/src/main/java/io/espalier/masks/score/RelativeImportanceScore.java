package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;

/**
 * The share of a weight in what its output and its input have of weights, times a power of the
 * input's size (Zhang, Bai, Lin, Zhao, Hou and Cannistraci, "Plug-and-play: an efficient
 * post-training pruning method for large language models", 2024).
 *
 * <pre>
 * (|w[o,i]| / Σⱼ |w[o,j]|  +  |w[o,i]| / Σₚ |w[p,i]|) · ‖xᵢ‖₂ ^ power
 * </pre>
 *
 * <p>An input has a kernel's place of its own in a convolution, and in each of its groups. {@code
 * ‖x‖₂} is the root mean square.
 */
final class RelativeImportanceScore implements ScoreProvider {
  private static final String POWER = "power";

  @Override
  public String name() {
    return "ria";
  }

  @Override
  public PluginKeys keys() {
    return DataBatches.keys(4).number(POWER, .5);
  }

  @Override
  public void check(MemberSettings settings) {
    DataBatches.check(settings);
    double power = settings.number(POWER);
    new Rules().require(POWER, power, power >= 0 && power <= 4, "from 0 to 4").verify();
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return new OfShares(
        StatisticRequest.of(InputStatistic.SQUARES, DataBatches.of(settings)),
        settings.number(POWER));
  }

  private record OfShares(StatisticRequest squares, double power) implements Score {
    @Override
    public List<StatisticRequest> requests() {
      return List.of(squares);
    }

    @Override
    public void score(ScoredParameter of, float[] scores) {
      float[] measured = of.statistic(squares);
      int features = InputStatistic.features(of.shape());
      int outputsPerGroup = scores.length / measured.length;
      double[] ofOutputs = new double[scores.length / features];
      double[] ofInputs = new double[measured.length];
      for (int unit = 0; unit < scores.length; unit++) {
        double size = Math.abs(of.weights()[unit]);
        ofOutputs[unit / features] += size;
        ofInputs[input(unit, features, outputsPerGroup)] += size;
      }
      for (int unit = 0; unit < scores.length; unit++) {
        double size = Math.abs(of.weights()[unit]);
        int input = input(unit, features, outputsPerGroup);
        double shares = size == 0 ? 0 : size / ofOutputs[unit / features] + size / ofInputs[input];
        scores[unit] = (float) (shares * Math.pow(Math.sqrt(measured[input]), power));
      }
    }

    /** Its place among the inputs of all groups. */
    private static int input(int unit, int features, int outputsPerGroup) {
      return unit / features / outputsPerGroup * features + unit % features;
    }
  }
}
