package io.espalier.trainer.run;

import io.espalier.configs.MaskTraits;
import io.espalier.configs.MemberSettings;
import io.espalier.masks.kind.AuxiliaryParameter;
import io.espalier.masks.kind.AuxiliaryParameter.Extent;
import io.espalier.masks.kind.AuxiliaryParameter.Training;
import io.espalier.masks.kind.MaskKind;
import io.espalier.masks.kind.MaskKindProvider;
import io.espalier.masks.kind.MaskedWeight;
import io.espalier.masks.kind.PrunedUnits;
import io.espalier.masks.kind.WeightView;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A soft mask with values of all extents: one per unit that learns to be the weight's square, one
 * per row and one per layer that count steps.
 */
public final class TalliedMask implements MaskKindProvider {
  @Override
  public String name() {
    return "tallied";
  }

  @Override
  public MaskTraits traits(MemberSettings settings) {
    return MaskTraits.RETURNING;
  }

  @Override
  public MaskKind create(MemberSettings settings) {
    return new Tallied();
  }

  private record Tallied() implements MaskKind {
    @Override
    public List<AuxiliaryParameter> state() {
      return List.of(
          new AuxiliaryParameter(
              "square", Extent.UNIT, 0.5f, Optional.of(new Training(0.5, 0.01)), false),
          new AuxiliaryParameter("row-steps", Extent.ROW, 0, Optional.empty(), false),
          new AuxiliaryParameter("steps", Extent.LAYER, 3, Optional.empty(), true));
    }

    @Override
    public PrunedUnits pruned(boolean mayChange) {
      return mayChange ? PrunedUnits.RETURNING : PrunedUnits.ZERO;
    }

    @Override
    public WeightView view(MaskedWeight weight) {
      return new View(weight);
    }
  }

  private record View(MaskedWeight of) implements WeightView {
    @Override
    public Factor forward() {
      return of.isDense() || !of.mayChange() ? Factor.ONE : Factor.MASK;
    }

    @Override
    public Factor gradient() {
      return of.isDense() || of.mayChange() ? Factor.ONE : Factor.MASK;
    }

    @Override
    public void backward(StepGradients of) {
      FloatBuffer square = of.auxiliary().get(0);
      for (int unit = 0; unit < square.limit(); unit++) {
        float weight = of.weight().get(unit);
        of.auxiliaryGradients().get(0).put(unit, square.get(unit) - weight * weight);
      }
      count(of.auxiliary().get(1));
      if (this.of.mayChange()) {
        count(of.auxiliary().get(2));
      }
    }

    private static void count(FloatBuffer values) {
      for (int i = 0; i < values.limit(); i++) {
        values.put(i, values.get(i) + 1);
      }
    }
  }
}
