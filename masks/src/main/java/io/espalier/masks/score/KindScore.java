package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.masks.statistic.AuxiliaryValues;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;
import java.util.Map;

/**
 * The values that the mask kind of the same name has beside each weight under this name: trained
 * scores, or importances that it counts. Of any sign.
 */
record KindScore(String name) implements ScoreProvider {
  @Override
  public Map<PluginKind, String> needs() {
    return Map.of(PluginKind.MASK, name);
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return new Held(AuxiliaryValues.of(name));
  }

  private record Held(StatisticRequest values) implements Score {
    @Override
    public List<StatisticRequest> requests() {
      return List.of(values);
    }

    @Override
    public void score(ScoredParameter of, float[] scores) {
      System.arraycopy(of.statistic(values), 0, scores, 0, scores.length);
    }
  }
}
