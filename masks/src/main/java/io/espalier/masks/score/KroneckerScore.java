package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.algebra.Damping;
import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.OutputGradientProducts;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;
import java.util.Optional;

/**
 * The rise of the loss once the rest of a layer makes up for the pruned part, with a curvature of
 * the layer's weights that is the Kronecker product of mean products {@code G} of gradients by
 * outputs and {@code A} of inputs (van der Ouderaa, Nagel, van Baalen, Asano and Blankevoort, "The
 * LLM Surgeon", 2024).
 *
 * <pre>
 * weight   w² / (2 [G⁻¹]ᵣᵣ [A⁻¹]꜀꜀)
 * row      Wᵣ A Wᵣᵀ / (2 [G⁻¹]ᵣᵣ)
 * column   W꜀ᵀ G W꜀ / (2 [A⁻¹]꜀꜀)
 * </pre>
 *
 * <p>A channel has the cost of its row in what gives it and of its columns in what reads it.
 */
final class KroneckerScore implements ScoreProvider {
  @Override
  public String name() {
    return "kfac";
  }

  @Override
  public PluginKeys keys() {
    return Damping.with(DataBatches.keys(16));
  }

  @Override
  public void check(MemberSettings settings) {
    DataBatches.check(settings);
    Damping.OF_FACTORS.require(new Rules(), settings).verify();
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    int batches = DataBatches.of(settings);
    return new Factored(
        StatisticRequest.of(InputStatistic.PRODUCTS, batches),
        StatisticRequest.of(OutputGradientProducts.OF_OUTPUTS, batches),
        Damping.of(settings));
  }

  private record Factored(StatisticRequest inputs, StatisticRequest outputs, double damping)
      implements Score, ChannelTerms {
    @Override
    public List<StatisticRequest> requests() {
      return List.of(inputs, outputs);
    }

    @Override
    public Optional<ChannelTerms> channels() {
      return Optional.of(this);
    }

    private KroneckerCurvature of(ScoredParameter weight) {
      return new KroneckerCurvature(
          weight.shape(), weight.statistic(inputs), weight.statistic(outputs), damping);
    }

    @Override
    public void score(ScoredParameter of, float[] scores) {
      KroneckerCurvature curvature = of(of);
      for (int unit = 0; unit < scores.length; unit++) {
        scores[unit] = (float) curvature.weight(of.weights(), unit);
      }
    }

    @Override
    public List<double[]> of(ScoredParameter weight, int axis, boolean weightsOnly) {
      KroneckerCurvature curvature = of(weight);
      double[] terms = new double[weight.shape().dimensions().get(axis)];
      if (axis == 0) {
        for (int row = 0; row < terms.length; row++) {
          terms[row] = curvature.row(weight.weights(), row);
        }
      } else {
        int features = InputStatistic.features(weight.shape());
        for (int feature = 0; feature < features; feature++) {
          terms[feature / (features / terms.length)] += curvature.column(weight.weights(), feature);
        }
      }
      return List.of(terms);
    }

    @Override
    public double value(double sum) {
      return sum;
    }
  }
}
