package io.espalier.masks.kind;

import io.espalier.configs.MaskTraits;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.kind.AuxiliaryParameter.Extent;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A soft mask that counts beside each weight, hidden ones too, the mean of {@code −w · ∂L/∂ŵ} over
 * the steps since the last mask update ("Soft Masking for Cost-Constrained Channel Pruning",
 * Humble, Shen, Albericio Latorre, Darrell and Alvarez, 2022).
 */
final class AveragedTaylorMask implements MaskKindProvider {
  @Override
  public String name() {
    return "averaged-taylor";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.number(SoftMask.MASKED_DECAY, 0);
  }

  @Override
  public void check(MemberSettings settings) {
    SoftMask.decayRule(settings).verify();
  }

  @Override
  public MaskTraits traits(MemberSettings settings) {
    return MaskTraits.RETURNING;
  }

  @Override
  public MaskKind create(MemberSettings settings) {
    return new Averaged(
        new SoftMask.Soft(settings.number(SoftMask.MASKED_DECAY), 1, true),
        new AuxiliaryParameter(name(), Extent.UNIT, 0, Optional.empty(), true));
  }

  private record Averaged(MaskKind soft, AuxiliaryParameter mean) implements MaskKind {
    @Override
    public List<AuxiliaryParameter> state() {
      return List.of(mean);
    }

    @Override
    public PrunedUnits pruned(boolean mayChange) {
      return soft.pruned(mayChange);
    }

    @Override
    public double hiddenDecay() {
      return soft.hiddenDecay();
    }

    @Override
    public WeightView view(MaskedWeight weight) {
      WeightView view = soft.view(weight);
      return weight.mayChange()
          ? new Averaging(view.forward(), view.gradient(), weight.updatedAt())
          : view;
    }
  }

  private record Averaging(Factor forward, Factor gradient, long updatedAt) implements WeightView {
    @Override
    public void backward(StepGradients of) {
      FloatBuffer mean = of.auxiliary().get(0);
      float share = 1f / (of.step() - updatedAt + 1);
      for (int unit = 0; unit < mean.limit(); unit++) {
        float gain = -of.weight().get(unit) * of.gradient().get(unit);
        float before = share == 1 ? gain : mean.get(unit);
        mean.put(unit, before + share * (gain - before));
      }
    }
  }
}
