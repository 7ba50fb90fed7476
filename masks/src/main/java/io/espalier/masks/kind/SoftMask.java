package io.espalier.masks.kind;

import io.espalier.configs.MaskTraits;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.custom.CustomKeys;

/**
 * Pruned weights are hidden from the forward pass but keep learning from the straight-through
 * gradient, and may return until the last update. {@code masked-decay} is extra L2 decay on them.
 */
final class SoftMask implements MaskKindProvider {
  private static final String MASKED_DECAY = "masked-decay";

  @Override
  public String name() {
    return "soft";
  }

  @Override
  public CustomKeys keys() {
    return CustomKeys.NONE.number(MASKED_DECAY, 0);
  }

  @Override
  public void check(MemberSettings settings) {
    double decay = settings.number(MASKED_DECAY);
    new Rules().require(MASKED_DECAY, decay, decay >= 0 && decay <= 1, "from 0 to 1").verify();
  }

  @Override
  public MaskTraits traits(MemberSettings settings) {
    return MaskTraits.RETURNING;
  }

  @Override
  public MaskKind create(MemberSettings settings) {
    return new Soft(settings.number(MASKED_DECAY));
  }

  private record Soft(double hiddenDecay) implements MaskKind {
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
