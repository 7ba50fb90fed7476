package com.example.pruning;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.masks.score.Score;
import io.espalier.masks.score.ScoreProvider;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.statistic.AuxiliaryValues;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;
import java.util.Map;

/** The logits that {@link OwnMaskKind} trains. */
public final class OwnMaskScore implements ScoreProvider {
  @Override
  public String name() {
    return "learned";
  }

  @Override
  public Map<PluginKind, String> needs() {
    return Map.of(PluginKind.MASK, "learned");
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return new ByLogit(AuxiliaryValues.of(OwnMaskKind.LOGIT));
  }

  private record ByLogit(StatisticRequest logits) implements Score {
    @Override
    public List<StatisticRequest> requests() {
      return List.of(logits);
    }

    @Override
    public void score(ScoredParameter of, float[] scores) {
      System.arraycopy(of.statistic(logits), 0, scores, 0, scores.length);
    }
  }
}
