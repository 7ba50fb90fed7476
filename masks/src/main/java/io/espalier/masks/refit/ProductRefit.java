package io.espalier.masks.refit;

import io.espalier.configs.InvalidConfigException;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import java.util.List;
import java.util.Optional;

/** A refit of one layer after the other from the mean products of its inputs. */
record ProductRefit(StatisticRequest products, StatisticRequest means, Solver solver)
    implements Refit {
  /** 256 channels under a kernel of 3 × 3. */
  static final int MOST_INPUTS = 2_304;

  /** Of the products of all layers, 256 MB. */
  private static final long MOST_PRODUCTS = 1L << 26;

  interface Solver {
    /** Changes kept weights and biases of a layer. */
    void refit(LayerValues layer, Mask kept);
  }

  static ProductRefit of(int batches, Solver solver) {
    return new ProductRefit(
        StatisticRequest.of(InputStatistic.PRODUCTS, batches),
        StatisticRequest.of(InputStatistic.MEANS, batches),
        solver);
  }

  @Override
  public List<StatisticRequest> requests() {
    return List.of(products, means);
  }

  @Override
  public void check(List<ParameterShape> prunable) {
    long all = 0;
    for (ParameterShape weight : prunable) {
      long inputs = InputStatistic.features(weight);
      all += inputs * inputs;
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

  private static InvalidConfigException refused(String rule) {
    return InvalidConfigException.of(
        "prune.refit", rule + "; leave refit away, or wide weights dense by prune.exclude");
  }

  @Override
  public void refit(EditableState values, MaskSet kept, Statistics statistics) {
    for (int p = 0; p < kept.parameters().size(); p++) {
      ParameterId id = kept.parameters().get(p);
      ParameterShape shape = kept.layout().shape(id).orElseThrow();
      if (!values.isFrozen(id)) {
        Optional<float[]> bias =
            values.bias(id).filter(each -> !values.isFrozen(each)).map(values::values);
        solver.refit(
            new LayerValues(
                shape,
                values.values(id),
                bias,
                statistics.of(products, p).get(0),
                statistics.of(means, p).get(0)),
            kept.masks().get(p));
      }
    }
  }
}
