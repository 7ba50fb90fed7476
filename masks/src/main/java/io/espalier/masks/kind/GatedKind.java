package io.espalier.masks.kind;

import java.util.List;
import java.util.function.Function;

/**
 * A kind whose passes multiply each weight by a gate until the last mask update, which turns the
 * weights into what an evaluation saw of them. Gates of pruned weights may open again.
 *
 * @param gates the gates of one weight until its mask changes next
 */
record GatedKind(
    List<AuxiliaryParameter> state, boolean freezesWeights, Function<MaskedWeight, GateView> gates)
    implements MaskKind {
  GatedKind {
    state = List.copyOf(state);
  }

  @Override
  public PrunedUnits pruned(boolean mayChange) {
    return mayChange ? PrunedUnits.RETURNING : PrunedUnits.ZERO;
  }

  @Override
  public boolean settles() {
    return true;
  }

  @Override
  public WeightView view(MaskedWeight weight) {
    if (weight.mayChange()) {
      return gates.apply(weight);
    }
    return weight.isDense() ? PlainView.DENSE : PlainView.HARD;
  }
}
