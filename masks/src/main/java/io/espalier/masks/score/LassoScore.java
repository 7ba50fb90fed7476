package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.algebra.Lasso;
import io.espalier.masks.algebra.SymmetricMatrix;
import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Input channels by the penalty that they bear: each is scaled by a factor {@code β}, and
 *
 * <pre>
 * ½ mean ‖y − Σ꜀ β꜀ x꜀ w꜀ᵀ‖² + λ Σ |β꜀|
 * </pre>
 *
 * is least for penalties {@code λ} that fall in {@code steps} steps to a ten thousandth; a channel
 * has the first under which its factor is not 0, as a share of the largest, and the size of the
 * factor then decides between channels of one step. So the best channels are those that the penalty
 * leaves (He, Zhang and Sun, "Channel pruning for accelerating very deep neural networks", 2017,
 * whose second step is the refit {@code least-squares}). A channel that others can replace, or that
 * nothing reaches, has 0.
 */
final class LassoScore implements ScoreProvider {
  private static final String STEPS = "steps";
  private static final double LEAST_PENALTY = 1e-4;

  /** Smaller ones are rounding, of channels that others replace. */
  private static final double LEAST_FACTOR = 1e-6;

  @Override
  public String name() {
    return "lasso";
  }

  @Override
  public PluginKeys keys() {
    return DataBatches.keys(16).whole(STEPS, 100);
  }

  @Override
  public void check(MemberSettings settings) {
    DataBatches.check(settings);
    int steps = settings.whole(STEPS);
    new Rules().require(STEPS, steps, steps >= 1 && steps <= 10_000, "from 1 to 10000").verify();
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return new OfPenalties(
        StatisticRequest.of(InputStatistic.PRODUCTS, DataBatches.of(settings)),
        settings.whole(STEPS));
  }

  private record OfPenalties(StatisticRequest products, int steps) implements Score {
    @Override
    public List<StatisticRequest> requests() {
      return List.of(products);
    }

    @Override
    public Optional<ChannelTerms> channels() {
      return Optional.of(new ReaderTerms(this, true));
    }

    @Override
    public void score(ScoredParameter of, float[] scores) {
      float[] measured = of.statistic(products);
      int features = InputStatistic.features(of.shape());
      int channels = of.shape().dimensions().get(1);
      int kernel = features / channels;
      int groups = measured.length / (features * features);
      int perGroup = scores.length / groups;
      for (int group = 0; group < groups; group++) {
        int first = group * perGroup;
        double[] ofChannels =
            penalties(
                contributions(
                    of.weights(), first, perGroup, measured, group * features * features, features),
                channels);
        for (int unit = first; unit < first + perGroup; unit++) {
          scores[unit] = (float) ofChannels[unit % features / kernel];
        }
      }
    }

    /**
     * Mean products, summed over outputs, of what two features give: {@code [features, features]}.
     */
    private static SymmetricMatrix contributions(
        float[] weights, int first, int count, float[] products, int from, int features) {
      return SymmetricMatrix.of(
          features,
          (a, b) -> {
            double sum = 0;
            for (int row = first; row < first + count; row += features) {
              sum += (double) weights[row + a] * weights[row + b];
            }
            return sum * products[from + a * features + b];
          });
    }

    /** The relative penalty of each channel. */
    private double[] penalties(SymmetricMatrix ofFeatures, int channels) {
      int kernel = ofFeatures.size() / channels;
      SymmetricMatrix given = SymmetricMatrix.of(channels, (a, b) -> sum(ofFeatures, a, b, kernel));
      double[] target = given.times(ones(channels), 1);
      Lasso lasso = new Lasso(given, target);
      double largest = lasso.largestPenalty();
      double[] penalties = new double[channels];
      double before = 1;
      for (int step = 1; step <= steps && largest > 0; step++) {
        double penalty = Math.pow(LEAST_PENALTY, (double) step / steps);
        double[] factors = lasso.solve(penalty * largest);
        for (int channel = 0; channel < channels; channel++) {
          double size = Math.abs(factors[channel]);
          if (penalties[channel] == 0 && size > LEAST_FACTOR) {
            penalties[channel] = penalty + (before - penalty) * size / (1 + size);
          }
        }
        before = penalty;
      }
      return penalties;
    }

    private static double sum(SymmetricMatrix ofFeatures, int a, int b, int kernel) {
      double sum = 0;
      for (int i = 0; i < kernel; i++) {
        for (int j = 0; j < kernel; j++) {
          sum += ofFeatures.at(a * kernel + i, b * kernel + j);
        }
      }
      return sum;
    }

    private static double[] ones(int count) {
      double[] ones = new double[count];
      Arrays.fill(ones, 1);
      return ones;
    }
  }
}
