package io.espalier.masks.score;

import io.espalier.configs.GranularityConfig.Channel.Scope;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.masks.statistic.ResidualChange;
import io.espalier.masks.statistic.ResidualChange.Distance;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far a unit that a residual goes around turns it, over all positions of examples: by the angle
 * (Gromov, Tirumala, Shapourian, Glorioso and Roberts, "The unreasonable ineffectiveness of the
 * deeper layers", 2024) or by the cosine (Men et al., "ShortGPT: layers in large language models
 * are more redundant than you expect", 2024). With {@code consecutive} units, a unit has the least
 * distance of all windows of so many units that it is in, so that those of the best window go first
 * and together.
 */
final class ResidualChangeScore implements ScoreProvider {
  private static final String CONSECUTIVE = "consecutive";

  private final String name;
  private final Distance distance;

  ResidualChangeScore(String name, Distance distance) {
    this.name = name;
    this.distance = distance;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public PluginKeys keys() {
    return DataBatches.keys(4).whole(CONSECUTIVE, 1);
  }

  @Override
  public void check(MemberSettings settings) {
    DataBatches.check(settings);
    int consecutive = settings.whole(CONSECUTIVE);
    new Rules()
        .require(CONSECUTIVE, consecutive, consecutive >= 1 && consecutive <= 256, "from 1 to 256")
        .verify();
  }

  @Override
  public Map<PluginKind, String> needs() {
    return Map.of(PluginKind.UNITS, Scope.BLOCKS.word());
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return new OfUnits(
        StatisticRequest.of(
            new ResidualChange(distance, settings.whole(CONSECUTIVE), true),
            DataBatches.of(settings)));
  }

  private record OfUnits(StatisticRequest change) implements Score, ChannelTerms {
    @Override
    public List<StatisticRequest> requests() {
      return List.of(change);
    }

    @Override
    public Optional<ChannelTerms> channels() {
      return Optional.of(this);
    }

    @Override
    public void score(ScoredParameter of, float[] scores) {
      throw new IllegalStateException("a distance must score whole units: weight=" + of.name());
    }

    @Override
    public List<double[]> of(ScoredParameter weight, int axis, boolean weightsOnly) {
      double[] terms = new double[weight.shape().dimensions().get(axis)];
      terms[0] = Double.POSITIVE_INFINITY;
      for (float each : weight.statistic(change)) {
        terms[0] = Math.min(terms[0], each);
      }
      return List.of(terms);
    }

    @Override
    public double value(double sum) {
      return sum;
    }
  }
}
