package io.espalier.trainer.gauge;

import io.espalier.configs.custom.CustomFamily;
import io.espalier.configs.custom.CustomMember;
import io.espalier.masks.statistic.StatisticRequest;

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

  /** Makes the gauge of one layer, which sees {@code request.batches()} batches. */
  Gauge create(StatisticRequest request, GaugedLayer at);
}
