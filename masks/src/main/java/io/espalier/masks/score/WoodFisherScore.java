package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.algebra.Damping;
import io.espalier.masks.algebra.LowRankCurvature;
import io.espalier.masks.statistic.GradientRows;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;

/**
 * The rise of the loss once the rest of a layer makes up for a weight, {@code w² / (2 [H⁻¹]ᵢᵢ)},
 * with the curvature {@code H} of a few examples' gradients (Singh and Alistarh, "WoodFisher:
 * efficient second-order approximation for neural network compression", 2020). Its update is the
 * refit {@code chita}.
 */
final class WoodFisherScore implements ScoreProvider {
  private static final String ROWS = "rows";

  @Override
  public String name() {
    return "woodfisher";
  }

  @Override
  public PluginKeys keys() {
    return Damping.with(DataBatches.keys(4).whole(ROWS, 16));
  }

  @Override
  public void check(MemberSettings settings) {
    DataBatches.check(settings);
    int rows = settings.whole(ROWS);
    Rules rules = new Rules().require(ROWS, rows, rows >= 1 && rows <= 1_000, "from 1 to 1000");
    Damping.OF_ROWS.require(rules, settings).verify();
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return new OfRows(
        GradientRows.over(settings.whole(ROWS), DataBatches.of(settings)), Damping.of(settings));
  }

  private record OfRows(StatisticRequest gradients, double damping) implements Score {
    @Override
    public List<StatisticRequest> requests() {
      return List.of(gradients);
    }

    @Override
    public void score(ScoredParameter of, float[] scores) {
      double[] inverse =
          new LowRankCurvature(of.statistic(gradients), scores.length, damping).inverseDiagonal();
      for (int unit = 0; unit < scores.length; unit++) {
        double weight = of.weights()[unit];
        scores[unit] = (float) (weight * weight / (2 * inverse[unit]));
      }
    }
  }
}
