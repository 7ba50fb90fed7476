package io.espalier.masks.kind;

import io.espalier.configs.MaskTraits;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;

/**
 * Pruned weights are hidden from the forward pass but keep learning from the straight-through
 * gradient, and may return until the last update. {@code masked-decay} is extra L2 decay on them,
 * {@code hidden-gradient} the share of their gradient that counts, {@code hidden-momentum} whether
 * they have a first moment.
 */
final class SoftMask implements MaskKindProvider {
  static final String MASKED_DECAY = "masked-decay";
  private static final String HIDDEN_GRADIENT = "hidden-gradient";
  private static final String HIDDEN_MOMENTUM = "hidden-momentum";

  @Override
  public String name() {
    return "soft";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE
        .number(MASKED_DECAY, 5e-3)
        .number(HIDDEN_GRADIENT, 1)
        .flag(HIDDEN_MOMENTUM, true);
  }

  @Override
  public void check(MemberSettings settings) {
    double gradient = settings.number(HIDDEN_GRADIENT);
    decayRule(settings)
        .require(HIDDEN_GRADIENT, gradient, gradient >= 0 && gradient <= 1, "from 0 to 1")
        .verify();
  }

  static Rules decayRule(MemberSettings settings) {
    double decay = settings.number(MASKED_DECAY);
    return new Rules().require(MASKED_DECAY, decay, decay >= 0 && decay <= 1, "from 0 to 1");
  }

  @Override
  public MaskTraits traits(MemberSettings settings) {
    return MaskTraits.RETURNING;
  }

  @Override
  public MaskKind create(MemberSettings settings) {
    return new Soft(
        settings.number(MASKED_DECAY),
        settings.number(HIDDEN_GRADIENT),
        settings.flag(HIDDEN_MOMENTUM));
  }

  record Soft(double hiddenDecay, double hiddenGradient, boolean hiddenMomentum)
      implements MaskKind {
    @Override
    public PrunedUnits pruned(boolean mayChange) {
      return mayChange ? PrunedUnits.RETURNING : PrunedUnits.ZERO;
    }

    @Override
    public WeightView view(MaskedWeight weight) {
      if (weight.isDense()) {
        return PlainView.DENSE;
      }
      return weight.mayChange() ? PlainView.HIDDEN : PlainView.HARD;
    }
  }
}
