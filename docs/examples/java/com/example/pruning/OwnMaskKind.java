package com.example.pruning;

import io.espalier.configs.MaskTraits;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKeys;
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

/** Hides pruned weights, and trains beside each weight a logit of being kept. */
public final class OwnMaskKind implements MaskKindProvider {
  static final String LOGIT = "logit";

  @Override
  public String name() {
    return "learned";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.number("rate", 1);
  }

  @Override
  public MaskTraits traits(MemberSettings settings) {
    return MaskTraits.RETURNING;
  }

  @Override
  public MaskKind create(MemberSettings settings) {
    Training training = new Training(settings.number("rate"), 0);
    return new Learned(new AuxiliaryParameter(LOGIT, Extent.UNIT, 0, Optional.of(training), true));
  }

  private record Learned(AuxiliaryParameter logit) implements MaskKind {
    @Override
    public List<AuxiliaryParameter> state() {
      return List.of(logit);
    }

    @Override
    public PrunedUnits pruned(boolean mayChange) {
      return mayChange ? PrunedUnits.RETURNING : PrunedUnits.ZERO;
    }

    @Override
    public WeightView view(MaskedWeight weight) {
      return new View(weight.isDense(), weight.mayChange());
    }
  }

  private record View(boolean isDense, boolean learns) implements WeightView {
    @Override
    public Factor forward() {
      return isDense || !learns ? Factor.ONE : Factor.MASK;
    }

    @Override
    public Factor gradient() {
      return isDense ? Factor.ONE : Factor.MASK;
    }

    @Override
    public void backward(StepGradients of) {
      if (learns) {
        FloatBuffer logits = of.auxiliary().get(0);
        FloatBuffer slopes = of.auxiliaryGradients().get(0);
        for (int unit = 0; unit < slopes.limit(); unit++) {
          double kept = 1 / (1 + Math.exp(-logits.get(unit)));
          float alongMask = of.gradient().get(unit) * of.weight().get(unit);
          slopes.put(unit, (float) (alongMask * kept * (1 - kept)));
        }
      }
    }
  }
}
