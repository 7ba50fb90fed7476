package io.espalier.trainer.optimizer;

import io.espalier.masks.kind.MaskKind;

/**
 * How the optimizer treats weights that the forward pass does not see: those whose forward factor
 * is 0.
 *
 * @param decay extra L2 factor
 * @param gradient factor of their gradient, from 0 to 1
 * @param momentum whether they have a first moment
 */
public record HiddenWeights(double decay, double gradient, boolean momentum) {
  static final HiddenWeights PLAIN = decayed(0);

  static HiddenWeights of(MaskKind kind) {
    return new HiddenWeights(kind.hiddenDecay(), kind.hiddenGradient(), kind.hiddenMomentum());
  }

  static HiddenWeights decayed(double decay) {
    return new HiddenWeights(decay, 1, true);
  }
}
