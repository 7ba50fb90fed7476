package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.algebra.Cholesky;
import io.espalier.masks.algebra.Damping;
import io.espalier.masks.algebra.SymmetricMatrix;
import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;
import java.util.Optional;

/**
 * The loss of a layer's outputs with a whole input channel once the others make up for it: with the
 * curvature {@code H = 2 mean x xᵀ + λ I} of their squared error, and the weights {@code w[o]} of
 * an output under the places {@code B} of the channel's kernel,
 *
 * <pre>
 * Σₒ ½ w[o]ᵀ ([H⁻¹][B,B])⁻¹ w[o]
 * </pre>
 *
 * <p>The score of OBSPA (Wang, Kang, Kopp, Yu and Günnemann, "Structurally prune anything: any
 * architecture, any framework, any time", 2024), whose update of the weights is the refit {@code
 * least-squares}. A weight has an even share of its output's part; a channel the sum over all that
 * reads it.
 */
final class BlockObsScore implements ScoreProvider {
  @Override
  public String name() {
    return "obspa";
  }

  @Override
  public PluginKeys keys() {
    return Damping.with(DataBatches.keys(16));
  }

  @Override
  public void check(MemberSettings settings) {
    DataBatches.check(settings);
    Damping.OF_PRODUCTS.require(new Rules(), settings).verify();
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return new OfInputChannels(
        StatisticRequest.of(InputStatistic.PRODUCTS, DataBatches.of(settings)),
        Damping.of(settings));
  }

  private record OfInputChannels(StatisticRequest products, double damping) implements Score {
    @Override
    public List<StatisticRequest> requests() {
      return List.of(products);
    }

    @Override
    public Optional<ChannelTerms> channels() {
      return Optional.of(new ReaderTerms(this, false));
    }

    @Override
    public void score(ScoredParameter of, float[] scores) {
      ParameterShape shape = of.shape();
      float[] measured = of.statistic(products);
      int features = InputStatistic.features(shape);
      int kernel = features / shape.dimensions().get(1);
      int groups = measured.length / (features * features);
      int perGroup = scores.length / groups;
      for (int group = 0; group < groups; group++) {
        SymmetricMatrix inverse = inverse(measured, features, group);
        for (int channel = 0; channel < features; channel += kernel) {
          SymmetricMatrix block = inverted(inverse, channel, kernel);
          for (int row = group * perGroup; row < (group + 1) * perGroup; row += features) {
            float share = (float) (cost(block, of.weights(), row + channel, kernel) / kernel);
            for (int place = 0; place < kernel; place++) {
              scores[row + channel + place] = share;
            }
          }
        }
      }
    }

    private SymmetricMatrix inverse(float[] measured, int features, int group) {
      int first = group * features * features;
      SymmetricMatrix curvature =
          SymmetricMatrix.of(features, (a, b) -> 2.0 * measured[first + a * features + b]);
      double added = curvature.scale() > 0 ? damping * curvature.scale() : 1;
      return Cholesky.of(curvature.plus(added), added / 2).orElseThrow().inverse();
    }

    private static SymmetricMatrix inverted(SymmetricMatrix whole, int from, int size) {
      SymmetricMatrix block = SymmetricMatrix.of(size, (a, b) -> whole.at(from + a, from + b));
      return Cholesky.of(block, Double.MIN_VALUE).orElseThrow().inverse();
    }

    private static double cost(SymmetricMatrix block, float[] weights, int from, int size) {
      double cost = 0;
      for (int a = 0; a < size; a++) {
        for (int b = 0; b < size; b++) {
          cost += .5 * weights[from + a] * block.at(a, b) * weights[from + b];
        }
      }
      return cost;
    }
  }
}
