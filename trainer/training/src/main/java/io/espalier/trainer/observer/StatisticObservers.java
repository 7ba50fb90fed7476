package io.espalier.trainer.observer;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.BuiltInPlugins;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import io.espalier.masks.statistic.ExampleGradient;
import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.Statistic;
import io.espalier.masks.statistic.WeightStatistic;
import java.util.List;

/** The built-in observers, and observers of users by their name. */
public final class StatisticObservers implements BuiltInPlugins {
  @Override
  public List<StatisticObserverProvider> list() {
    return List.of(
        new WeightObserver(WeightStatistic.GRADIENT, (weight, gradient) -> gradient),
        new WeightObserver(
            WeightStatistic.TAYLOR, (weight, gradient) -> Math.abs(weight * gradient)),
        PassesObserver.curvature(),
        PassesObserver.hessianDiagonal(),
        PassesObserver.flow(),
        PassesObserver.relevance(),
        new ExampleGradientObserver(ExampleGradient.MEAN_SQUARES),
        new ExampleGradientObserver(ExampleGradient.SQUARE_SUMS),
        new ExampleGradientObserver(ExampleGradient.MAGNITUDE_SUMS),
        new ExampleGradientObserver(ExampleGradient.REGIONAL_SQUARES),
        new ExampleGradientObserver(ExampleGradient.BLOCK_SQUARES),
        new GradientRowsObserver(),
        new DistortionObserver(),
        new LossSlopeObserver(),
        new InputObserver(InputStatistic.MEANS, InputObserver::addValues),
        new InputObserver(InputStatistic.SQUARES, InputObserver::addSquares),
        InputObserver.products(),
        InputObserver.powers(),
        new MomentObserver(),
        new ContributionObserver(),
        new AxisProductObserver(),
        new OutputProductObserver(),
        new ResidualChangeObserver(),
        new AddendProductObserver());
  }

  /**
   * Returns the provider of a statistic's observers.
   *
   * @throws io.espalier.configs.InvalidConfigException if there is none of its name
   */
  public static StatisticObserverProvider of(Statistic statistic) {
    return PluginRegistry.require(
        PluginKind.OBSERVER,
        MemberSettings.of(statistic.observer()),
        StatisticObserverProvider.class);
  }
}
