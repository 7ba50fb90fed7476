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

/**
 * The loss of a layer's outputs with a weight once others make up for it, with the curvature {@code
 * H = 2 mean x xᵀ + λ I} of their squared error.
 *
 * <pre>
 * inverse   w² / (2 [H⁻¹]ⱼⱼ)                    all inputs make up for it
 * factor    w² / U[j,j]²,   H⁻¹ = Uᵀ U          only inputs behind it, as the refit sparsegpt has it
 * </pre>
 *
 * <p>Hassibi and Stork, "Second order derivatives for network pruning: optimal brain surgeon",
 * 1993; Frantar and Alistarh, "SparseGPT", 2023.
 */
final class ObsScore implements ScoreProvider {
  private static final String FORM = "form";
  private static final List<String> FORMS = List.of("inverse", "factor");

  @Override
  public String name() {
    return "obs";
  }

  @Override
  public PluginKeys keys() {
    return Damping.with(DataBatches.keys(16)).name(FORM, "inverse");
  }

  @Override
  public void check(MemberSettings settings) {
    DataBatches.check(settings);
    String form = settings.text(FORM);
    Damping.OF_PRODUCTS
        .require(new Rules(), settings)
        .require(FORM, form, FORMS.contains(form), "one of inverse, factor", FORMS)
        .verify();
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return new LayerWise(
        StatisticRequest.of(InputStatistic.PRODUCTS, DataBatches.of(settings)),
        Damping.of(settings),
        settings.text(FORM).equals("factor"));
  }

  private record LayerWise(StatisticRequest products, double damping, boolean ofFactor)
      implements Score {
    @Override
    public List<StatisticRequest> requests() {
      return List.of(products);
    }

    @Override
    public void score(ScoredParameter of, float[] scores) {
      float[] divisors = divisors(of.shape(), of.statistic(products));
      InputFeatures.visit(
          of,
          divisors,
          (unit, divisor) -> scores[unit] = of.weights()[unit] * of.weights()[unit] / divisor);
    }

    private float[] divisors(ParameterShape shape, float[] measured) {
      int features = InputStatistic.features(shape);
      float[] divisors = new float[measured.length / features];
      for (int from = 0; from < divisors.length; from += features) {
        int first = from * features;
        SymmetricMatrix curvature =
            SymmetricMatrix.of(features, (a, b) -> 2.0 * measured[first + a * features + b]);
        double added = curvature.scale() > 0 ? damping * curvature.scale() : 1;
        SymmetricMatrix inverse =
            Cholesky.of(curvature.plus(added), added / 2).orElseThrow().inverse();
        double[][] upper = ofFactor ? Cholesky.upper(inverse) : new double[0][];
        for (int i = 0; i < features; i++) {
          divisors[from + i] =
              (float) (ofFactor ? upper[i][i] * upper[i][i] : 2 * inverse.at(i, i));
        }
      }
      return divisors;
    }
  }
}
