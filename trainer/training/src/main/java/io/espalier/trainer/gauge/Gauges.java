package io.espalier.trainer.gauge;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.BuiltInPlugins;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import io.espalier.masks.statistic.ExampleGradient;
import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.Statistic;
import io.espalier.masks.statistic.WeightStatistic;
import java.util.List;

/** The built-in gauges, and those of users by their name. */
public final class Gauges implements BuiltInPlugins {
  @Override
  public List<GaugeProvider> list() {
    return List.of(
        new WeightGauge(WeightStatistic.GRADIENT, (weight, gradient) -> gradient),
        new WeightGauge(WeightStatistic.TAYLOR, (weight, gradient) -> Math.abs(weight * gradient)),
        PassesGauge.curvature(),
        PassesGauge.hessianDiagonal(),
        PassesGauge.flow(),
        PassesGauge.relevance(),
        new ExampleGradientGauge(ExampleGradient.MEAN_SQUARES),
        new ExampleGradientGauge(ExampleGradient.SQUARE_SUMS),
        new ExampleGradientGauge(ExampleGradient.MAGNITUDE_SUMS),
        new ExampleGradientGauge(ExampleGradient.REGIONAL_SQUARES),
        new ExampleGradientGauge(ExampleGradient.BLOCK_SQUARES),
        new GradientRowsGauge(),
        new DistortionGauge(),
        new LossSlopeGauge(),
        new InputGauge(InputStatistic.MEANS, InputGauge::addValues),
        new InputGauge(InputStatistic.SQUARES, InputGauge::addSquares),
        InputGauge.products(),
        InputGauge.powers(),
        new MomentGauge(),
        new ContributionGauge(),
        new AxisProductGauge(),
        new OutputProductGauge(),
        new ResidualChangeGauge(),
        new AddendProductGauge());
  }

  /**
   * The gauge of a statistic.
   *
   * @throws io.espalier.configs.InvalidConfigException if there is none of its name
   */
  public static GaugeProvider of(Statistic statistic) {
    return PluginRegistry.require(
        PluginKind.GAUGE, MemberSettings.of(statistic.gauge()), GaugeProvider.class);
  }
}
