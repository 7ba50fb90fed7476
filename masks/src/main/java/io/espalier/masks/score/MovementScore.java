package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.custom.CustomFamily;
import io.espalier.masks.statistic.AuxiliaryValues;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;
import java.util.Map;

/**
 * The trained scores of the mask kind of this name, larger where weights moved away from 0
 * ("Movement pruning: adaptive sparsity by fine-tuning", Sanh, Wolf and Rush, 2020).
 */
final class MovementScore implements ScoreProvider {
  private static final String NAME = "movement";
  private static final StatisticRequest SCORES = AuxiliaryValues.of(NAME);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<CustomFamily, String> needs() {
    return Map.of(CustomFamily.MASK, NAME);
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return new Movement();
  }

  private record Movement() implements Score {
    @Override
    public List<StatisticRequest> requests() {
      return List.of(SCORES);
    }

    @Override
    public void score(ScoredParameter of, float[] scores) {
      System.arraycopy(of.statistic(SCORES), 0, scores, 0, scores.length);
    }
  }
}
