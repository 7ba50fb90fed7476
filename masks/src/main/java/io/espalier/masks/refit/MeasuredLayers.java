package io.espalier.masks.refit;

import io.espalier.configs.InvalidConfigException;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Layers with the measured products and means of their inputs. */
record MeasuredLayers(StatisticRequest products, StatisticRequest means) {
  /** 256 channels under a kernel of 3 × 3. */
  private static final int MOST_INPUTS = 2_304;

  /** The most values of the products of all layers, 256 MB. */
  private static final long MOST_PRODUCTS = 1L << 26;

  static MeasuredLayers over(int batches) {
    return new MeasuredLayers(
        StatisticRequest.of(InputStatistic.PRODUCTS, batches),
        StatisticRequest.of(InputStatistic.MEANS, batches));
  }

  List<StatisticRequest> requests() {
    return List.of(products, means);
  }

  /** Refuses layers whose products are too large. */
  void check(List<ParameterShape> prunable) {
    check(prunable, weight -> List.of());
  }

  /** Refuses layers whose products are too large, those with the inputs of addends included. */
  void check(List<ParameterShape> prunable, Function<ParameterId, List<ParameterShape>> addends) {
    long all = 0;
    for (ParameterShape weight : prunable) {
      long inputs = InputStatistic.features(weight);
      all += inputs * inputs;
      for (ParameterShape addend : addends.apply(weight.id())) {
        all += inputs * InputStatistic.features(addend);
      }
      if (inputs > MOST_INPUTS) {
        throw refused(
            "must be none where an output of a prunable weight sums over more than %d inputs: weight=%s, inputs=%d"
                .formatted(MOST_INPUTS, weight.id(), inputs));
      }
    }
    if (all > MOST_PRODUCTS) {
      throw refused(
          "must be none where the products of all layers' inputs are more than %d values: found=%d"
              .formatted(MOST_PRODUCTS, all));
    }
  }

  static InvalidConfigException refused(String rule) {
    return InvalidConfigException.of(
        "prune.refit", rule + "; leave refit away, or wide weights dense by prune.exclude");
  }

  /** The layer of a prunable weight, by its place; empty if the weight is frozen. */
  Optional<LayerValues> layer(EditableState values, MaskSet kept, int p, Statistics statistics) {
    ParameterId id = kept.parameters().get(p);
    if (values.isFrozen(id)) {
      return Optional.empty();
    }
    Optional<float[]> bias =
        values.bias(id).filter(each -> !values.isFrozen(each)).map(values::values);
    return Optional.of(
        new LayerValues(
            kept.layout().shape(id).orElseThrow(),
            values.values(id),
            bias,
            statistics.of(products, p).get(0),
            statistics.of(means, p).get(0)));
  }
}
