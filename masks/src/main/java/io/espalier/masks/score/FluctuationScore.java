package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How far what a weight reads strays from its mean (An, Zhao, Yu, Tang and Wang, "Fluctuation-based
 * adaptive structured pruning for large language models", 2024). Of a channel that layers read:
 *
 * <pre>
 * wifv   var(x) · Σ w²        ifv   var(x)        wifn   mean |w| · root mean square of x
 * </pre>
 *
 * <p>The mean of what goes belongs into the bias: the refit {@code mean-folding}.
 */
final class FluctuationScore implements ScoreProvider {
  private static final String METRIC = "metric";
  private static final String STANDARDISE = "standardise";

  private enum Metric {
    WIFV,
    IFV,
    WIFN;

    static final List<String> NAMES =
        Stream.of(values()).map(each -> each.name().toLowerCase(Locale.ROOT)).toList();

    static Metric of(MemberSettings settings) {
      return valueOf(settings.text(METRIC).toUpperCase(Locale.ROOT));
    }

    double of(double weight, double value) {
      return switch (this) {
        case WIFV -> value * weight * weight;
        case IFV -> value;
        case WIFN -> Math.abs(weight) * Math.sqrt(value);
      };
    }
  }

  @Override
  public String name() {
    return "fluctuation";
  }

  @Override
  public PluginKeys keys() {
    return DataBatches.keys(4).name(METRIC, "wifv").flag(STANDARDISE, false);
  }

  @Override
  public void check(MemberSettings settings) {
    DataBatches.check(settings);
    new Rules()
        .require(
            METRIC,
            settings.text(METRIC),
            Metric.NAMES.contains(settings.text(METRIC)),
            "one of " + String.join(", ", Metric.NAMES),
            Metric.NAMES)
        .verify();
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return new Fluctuation(
        Moments.request(DataBatches.of(settings)), Metric.of(settings), settings.flag(STANDARDISE));
  }

  private record Fluctuation(StatisticRequest moments, Metric metric, boolean standardised)
      implements Score {
    @Override
    public List<StatisticRequest> requests() {
      return List.of(moments);
    }

    @Override
    public Optional<ChannelTerms> channels() {
      ChannelTerms plain = new ReaderTerms(this, metric != Metric.WIFV);
      return Optional.of(standardised ? new Standardised(plain) : plain);
    }

    @Override
    public void score(ScoredParameter of, float[] scores) {
      float[] measured = of.statistic(moments);
      float[] values =
          metric == Metric.WIFN ? Moments.meanSquares(measured) : Moments.variances(measured);
      InputFeatures.visit(
          of, values, (unit, value) -> scores[unit] = (float) metric.of(of.weights()[unit], value));
    }
  }
}
