package io.espalier.masks.refit;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.custom.CustomKeys;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the outputs of each layer as well as its kept inputs can, in the mean square over measured
 * inputs (the reconstruction of He, Zhang and Sun, "Channel pruning for accelerating very deep
 * neural networks", 2017, for weights that stay).
 *
 * <pre>
 * minimise  mean (x·w′ − x·w)² + λ ‖w′ − w‖²  over the kept w′,  G = mean x xᵀ,  P what goes
 * w′ = w + d,   (G[S,S] + λ I) d = G[S,P] w[P]
 * </pre>
 *
 * <p>The bias is the weight of one more kept input, which is always 1. {@code λ} is {@code ridge}
 * times the mean of {@code G}'s diagonal: it pulls towards the weights before, so that inputs that
 * were never seen apart keep theirs, and no refit is worse than none on the measured inputs.
 */
final class LeastSquares implements RefitProvider {
  private static final String BATCHES = "batches";
  private static final String RIDGE = "ridge";

  /** 256 channels under a kernel of 3 × 3. */
  static final int MOST_INPUTS = 2_304;

  /** Of the products of all layers, 256 MB. */
  private static final long MOST_PRODUCTS = 1L << 26;

  @Override
  public String name() {
    return "least-squares";
  }

  @Override
  public CustomKeys keys() {
    return CustomKeys.NONE.whole(BATCHES, 32).number(RIDGE, 1e-3);
  }

  @Override
  public void check(MemberSettings settings) {
    int batches = settings.whole(BATCHES);
    double ridge = settings.number(RIDGE);
    new Rules()
        .require(BATCHES, batches, batches >= 1 && batches <= 1000, "from 1 to 1000")
        .require(RIDGE, ridge, ridge >= 1e-9 && ridge <= 1, "from 1e-9 to 1")
        .verify();
  }

  @Override
  public Refit create(MemberSettings settings) {
    int batches = settings.whole(BATCHES);
    return new OfEachLayer(
        StatisticRequest.of(InputStatistic.PRODUCTS, batches),
        StatisticRequest.of(InputStatistic.MEANS, batches),
        settings.number(RIDGE));
  }

  private record OfEachLayer(StatisticRequest products, StatisticRequest means, double ridge)
      implements Refit {
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
          new LayerRefit(
                  shape,
                  values.values(id),
                  bias,
                  statistics.of(products, p).get(0),
                  statistics.of(means, p).get(0))
              .refit(kept.masks().get(p), ridge);
        }
      }
    }
  }
}
