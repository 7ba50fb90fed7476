package io.espalier.masks.refit;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.Mask;
import io.espalier.masks.algebra.Cholesky;
import io.espalier.masks.algebra.Damping;

/**
 * Goes over the inputs of each layer once and has the inputs behind each one make up for it where
 * it goes, with one factor for all outputs (Frantar and Alistarh, "SparseGPT: massive language
 * models can be accurately pruned in one-shot", 2023).
 *
 * <pre>
 * (G + λ I)⁻¹ = Uᵀ U;   for each input j:   e = w[j] / U[j,j] where j goes,   w[j:] −= e · U[j,j:]
 * </pre>
 *
 * <p>{@code λ} is {@code damping} times the mean of {@code G}'s diagonal. The mask is that of the
 * recipe's score; the paper chooses it block by block, between updates. Cheaper than {@link
 * LeastSquares} and less exact, as inputs before {@code j} stay.
 */
final class SparseGptRefit implements RefitProvider {
  @Override
  public String name() {
    return "sparsegpt";
  }

  @Override
  public PluginKeys keys() {
    return RefitInputs.with(Damping.with(RefitBatches.keys()));
  }

  @Override
  public void check(MemberSettings settings) {
    RefitBatches.check(settings);
    RefitInputs.check(settings);
    Damping.OF_PRODUCTS.require(new Rules(), settings).verify();
  }

  @Override
  public Refit create(MemberSettings settings) {
    double damping = Damping.of(settings);
    return ProductRefit.of(settings, (layer, kept) -> refit(layer, kept, damping));
  }

  private static void refit(LayerValues layer, Mask kept, double damping) {
    for (int group = 0; group < layer.groups().size(); group++) {
      LayerProducts products = layer.groups().get(group);
      if (products.scale() > 0) {
        double[][] upper = Cholesky.upper(products.inverse(damping));
        for (int output : layer.outputs(group)) {
          refit(layer, output, kept, upper);
        }
      }
    }
  }

  private static void refit(LayerValues layer, int output, Mask kept, double[][] upper) {
    double[] values = new double[upper.length];
    for (int input = 0; input < values.length; input++) {
      values[input] = layer.value(output, input);
    }
    for (int input = 0; input < values.length; input++) {
      if (!layer.isKept(kept, output, input)) {
        double error = values[input] / upper[input][input];
        for (int later = input; later < values.length; later++) {
          values[later] -= error * upper[input][later];
        }
      }
    }
    for (int input = 0; input < values.length; input++) {
      if (layer.isKept(kept, output, input) && layer.loses(kept, output)) {
        layer.set(output, input, values[input]);
      }
    }
  }
}
