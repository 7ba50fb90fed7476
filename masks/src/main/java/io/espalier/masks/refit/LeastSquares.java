package io.espalier.masks.refit;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKeys;

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
  @Override
  public String name() {
    return "least-squares";
  }

  @Override
  public PluginKeys keys() {
    return RefitInputs.with(Ridge.keys());
  }

  @Override
  public void check(MemberSettings settings) {
    Ridge.check(settings);
    RefitInputs.check(settings);
  }

  @Override
  public Refit create(MemberSettings settings) {
    double ridge = Ridge.of(settings);
    return ProductRefit.of(settings, (layer, kept) -> new LayerRefit(layer).refit(kept, ridge));
  }
}
