package io.espalier.masks.refit;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.Mask;
import io.espalier.masks.algebra.Cholesky;
import io.espalier.masks.algebra.SymmetricMatrix;
import java.util.Arrays;

/**
 * Keeps the outputs of each layer by alternating directions, with one factorisation for all outputs
 * (Boža, "Fast and effective weight update for pruned large language models", 2024).
 *
 * <pre>
 * W = (G + ρ I)⁻¹ (G W₀ + ρ (Z − U)),   Z = M ∘ (W + U),   U ← U + W − Z
 * </pre>
 *
 * <p>{@code G} are the mean products of inputs of mean square 1, {@code M} is the mask. The fixed
 * point is least squares over the kept weights.
 */
final class AlternatingRefit implements RefitProvider {
  private static final String RHO = "rho";
  private static final String ITERATIONS = "iterations";

  @Override
  public String name() {
    return "admm";
  }

  @Override
  public PluginKeys keys() {
    return RefitInputs.with(RefitBatches.keys().number(RHO, 1).whole(ITERATIONS, 20));
  }

  @Override
  public void check(MemberSettings settings) {
    RefitBatches.check(settings);
    RefitInputs.check(settings);
    double rho = settings.number(RHO);
    int iterations = settings.whole(ITERATIONS);
    new Rules()
        .require(RHO, rho, rho >= 1e-3 && rho <= 1e3, "from 0.001 to 1000")
        .require(ITERATIONS, iterations, iterations >= 1 && iterations <= 10_000, "from 1 to 10000")
        .verify();
  }

  @Override
  public Refit create(MemberSettings settings) {
    double rho = settings.number(RHO);
    int iterations = settings.whole(ITERATIONS);
    return ProductRefit.of(
        settings,
        (layer, kept) -> {
          for (int group = 0; group < layer.groups().size(); group++) {
            new OfGroup(layer, group, kept, rho).refit(iterations);
          }
        });
  }

  /** Matrices are {@code [inputs, outputs]}, row-major, of inputs scaled to mean square 1. */
  private static final class OfGroup {
    private final LayerValues layer;
    private final Mask kept;
    private final int[] outputs;
    private final double[] scales;
    private final SymmetricMatrix products;
    private final double rho;

    OfGroup(LayerValues layer, int group, Mask kept, double rho) {
      LayerProducts of = layer.groups().get(group);
      this.layer = layer;
      this.kept = kept;
      this.rho = rho;
      this.outputs = layer.outputs(group);
      this.scales = new double[of.inputs()];
      Arrays.setAll(scales, input -> of.of(input, input) > 0 ? Math.sqrt(of.of(input, input)) : 1);
      this.products =
          SymmetricMatrix.of(scales.length, (a, b) -> of.of(a, b) / scales[a] / scales[b]);
    }

    void refit(int iterations) {
      double[] dense = new double[scales.length * outputs.length];
      for (int at = 0; at < dense.length; at++) {
        dense[at] = layer.value(output(at), input(at)) * scales[input(at)];
      }
      double[] given = products.times(dense, outputs.length);
      Cholesky factor = Cholesky.of(products.plus(rho), rho / 2).orElseThrow();
      double[] chosen = masked(dense);
      double[] duals = new double[dense.length];
      for (int i = 0; i < iterations; i++) {
        double[] free = new double[dense.length];
        for (int at = 0; at < free.length; at++) {
          free[at] = given[at] + rho * (chosen[at] - duals[at]);
        }
        factor.solve(free, outputs.length);
        for (int at = 0; at < free.length; at++) {
          duals[at] += free[at];
        }
        chosen = masked(duals);
        for (int at = 0; at < free.length; at++) {
          duals[at] -= chosen[at];
        }
      }
      for (int at = 0; at < chosen.length; at++) {
        if (layer.isKept(kept, output(at), input(at)) && layer.loses(kept, output(at))) {
          layer.set(output(at), input(at), chosen[at] / scales[input(at)]);
        }
      }
    }

    private int input(int at) {
      return at / outputs.length;
    }

    private int output(int at) {
      return outputs[at % outputs.length];
    }

    private double[] masked(double[] values) {
      double[] masked = new double[values.length];
      for (int at = 0; at < masked.length; at++) {
        masked[at] = layer.isKept(kept, output(at), input(at)) ? values[at] : 0;
      }
      return masked;
    }
  }
}
