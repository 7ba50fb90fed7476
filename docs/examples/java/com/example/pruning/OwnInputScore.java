package com.example.pruning;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.score.Score;
import io.espalier.masks.score.ScoreProvider;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.statistic.Merge;
import io.espalier.masks.statistic.Statistic;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;

/** Magnitude times the mean absolute value of the input that the weight multiplies. */
public final class OwnInputScore implements ScoreProvider {
  /** One mean per input of a layer without groups; trainers' means are averaged. */
  record MeanInput() implements Statistic {
    @Override
    public String observer() {
      return "mean-input";
    }

    @Override
    public List<int[]> shapes(ParameterShape weight, int groups) {
      return List.of(new int[] {weight.size() / weight.dimensions().get(0)});
    }

    @Override
    public Merge merge() {
      return Merge.MEAN;
    }
  }

  @Override
  public String name() {
    return "active-inputs";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.whole("batches", 4);
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return new ByInput(StatisticRequest.of(new MeanInput(), settings.whole("batches")));
  }

  private record ByInput(StatisticRequest inputs) implements Score {
    @Override
    public List<StatisticRequest> requests() {
      return List.of(inputs);
    }

    @Override
    public void score(ScoredParameter of, float[] scores) {
      float[] means = of.statistic(inputs);
      for (int unit = 0; unit < scores.length; unit++) {
        scores[unit] = Math.abs(of.weights()[unit]) * means[unit % means.length];
      }
    }
  }
}
