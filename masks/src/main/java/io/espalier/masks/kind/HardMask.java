package io.espalier.masks.kind;

import io.espalier.configs.MaskTraits;
import io.espalier.configs.MemberSettings;

/** Pruned weights are 0 from then on. */
final class HardMask implements MaskKindProvider {
  @Override
  public String name() {
    return "hard";
  }

  @Override
  public MaskTraits traits(MemberSettings settings) {
    return MaskTraits.PERMANENT;
  }

  @Override
  public MaskKind create(MemberSettings settings) {
    return new Hard();
  }

  private record Hard() implements MaskKind {
    @Override
    public PrunedUnits pruned(boolean mayChange) {
      return PrunedUnits.ZERO;
    }

    @Override
    public WeightView view(MaskedWeight weight) {
      return weight.isDense() ? PlainView.DENSE : PlainView.HARD;
    }
  }
}
