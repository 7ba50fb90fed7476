package io.espalier.masks.refit;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.algebra.Damping;
import io.espalier.masks.algebra.LowRankCurvature;
import io.espalier.masks.statistic.GradientRows;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import java.util.List;

/**
 * The weights of a given support that make a local model of the loss least, layer by layer
 * (Benbaki, Chen, Meng, Hazimeh, Ponomareva, Zhao and Mazumder, "Fast as CHITA: neural network
 * pruning with combinatorial optimization", 2023): with rows {@code A} of {@code n} examples'
 * gradients and the weights {@code v} before,
 *
 * <pre>
 * (1/2n) ‖A (w − v) + e‖² + (λ/2) ‖w − v‖²     e = 1 with the slope of the loss, else 0
 * </pre>
 *
 * <p>The support is the mask of the recipe's score; the score {@code chita} searches for it as the
 * paper does. Biases stay.
 */
final class LowRankRefit implements RefitProvider {
  private static final String ROWS = "rows";
  private static final String SLOPE = "slope";

  /** The most values of the rows of all layers, 256 MB. */
  private static final long MOST_VALUES = 1L << 26;

  @Override
  public String name() {
    return "chita";
  }

  @Override
  public PluginKeys keys() {
    return Damping.with(PluginKeys.NONE.whole(RefitBatches.KEY, 4).whole(ROWS, 16))
        .flag(SLOPE, false);
  }

  @Override
  public void check(MemberSettings settings) {
    RefitBatches.check(settings);
    int rows = settings.whole(ROWS);
    Rules rules = new Rules().require(ROWS, rows, rows >= 1 && rows <= 1_000, "from 1 to 1000");
    Damping.OF_ROWS.require(rules, settings).verify();
  }

  @Override
  public Refit create(MemberSettings settings) {
    return new OfEachLayer(
        GradientRows.over(settings.whole(ROWS), RefitBatches.of(settings)),
        Damping.of(settings),
        settings.flag(SLOPE));
  }

  private record OfEachLayer(StatisticRequest gradients, double damping, boolean slope)
      implements Refit {
    @Override
    public List<StatisticRequest> requests() {
      return List.of(gradients);
    }

    @Override
    public void check(List<ParameterShape> prunable) {
      GradientRows rows = (GradientRows) gradients.statistic();
      long weights = prunable.stream().mapToLong(ParameterShape::size).sum();
      long values = weights * rows.rows() * rows.batches();
      if (values > MOST_VALUES) {
        throw InvalidConfigException.of(
            "prune.refit",
            "must hold at most %d values of gradients: weights=%d, rows=%d, batches=%d; take fewer rows or batches, or leave layers dense by prune.exclude"
                .formatted(MOST_VALUES, weights, rows.rows(), rows.batches()));
      }
    }

    @Override
    public void refit(EditableState values, MaskSet kept, Statistics statistics) {
      for (int p = 0; p < kept.parameters().size(); p++) {
        ParameterId id = kept.parameters().get(p);
        if (!values.isFrozen(id)) {
          refit(values.values(id), kept.masks().get(p), statistics.of(gradients, p).get(0));
        }
      }
    }

    private void refit(float[] weights, Mask kept, float[] rows) {
      boolean[] free = new boolean[weights.length];
      double[] gone = new double[weights.length];
      boolean loses = false;
      for (int unit = 0; unit < weights.length; unit++) {
        free[unit] = kept.isKept(unit);
        gone[unit] = free[unit] ? 0 : -weights[unit];
        loses |= gone[unit] != 0;
      }
      if (loses) {
        double[] change =
            new LowRankCurvature(rows, weights.length, damping).best(free, gone, slope);
        kept.forEachKept(unit -> weights[unit] = (float) (weights[unit] + change[unit]));
      }
    }
  }
}
