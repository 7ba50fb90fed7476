package io.espalier.trainer.gauge;

import io.espalier.configs.custom.CustomFamily;
import io.espalier.configs.custom.CustomMember;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.OptionalDouble;

/** How a statistic is measured; its name is what {@code Statistic.gauge} says. */
public interface GaugeProvider extends CustomMember {
  @Override
  default CustomFamily family() {
    return CustomFamily.GAUGE;
  }

  /** Whether it reads gradients, for which each batch takes a backward pass. */
  boolean needsGradients();

  /** Whether it reads what reaches layers, which is copied for it. */
  boolean needsInputs();

  /**
   * What logits are divided by before the loss whose curvature it reads; each batch takes three
   * passes with gradients, and none of inputs. Empty of a gauge that reads none.
   */
  default OptionalDouble curvatureTemperature(StatisticRequest request) {
    return OptionalDouble.empty();
  }

  /** Makes the gauge of one layer, which sees {@code request.batches()} batches. */
  Gauge create(StatisticRequest request, GaugedLayer at);
}
