package io.espalier.masks.kind;

import io.espalier.configs.MaskTraits;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.kind.AuxiliaryParameter.Extent;
import io.espalier.masks.kind.AuxiliaryParameter.Training;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Pruned weights are hidden and may return, and beside each weight a score is trained straight
 * through the mask: its gradient is {@code ∂L/∂ŵ · w}, so it rises as the weight moves away from 0
 * ("Movement pruning: adaptive sparsity by fine-tuning", Sanh, Wolf and Rush, 2020). Hidden weights
 * rest as there, unless they are to learn as those of a soft mask do.
 */
final class MovementMask implements MaskKindProvider {
  private static final String RATE = "rate";
  private static final String DECAY = "weight-decay";
  private static final String HIDDEN_LEARN = "hidden-learn";

  @Override
  public String name() {
    return "movement";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.number(RATE, 1).number(DECAY, 0).flag(HIDDEN_LEARN, false);
  }

  @Override
  public void check(MemberSettings settings) {
    training(settings);
  }

  private static Training training(MemberSettings settings) {
    return new Training(settings.number(RATE), settings.number(DECAY));
  }

  @Override
  public MaskTraits traits(MemberSettings settings) {
    return MaskTraits.RETURNING.withoutChannels();
  }

  @Override
  public MaskKind create(MemberSettings settings) {
    return new Movement(
        new AuxiliaryParameter("movement", Extent.UNIT, 0, Optional.of(training(settings)), true),
        settings.flag(HIDDEN_LEARN));
  }

  private record Movement(AuxiliaryParameter scores, boolean hiddenLearn) implements MaskKind {
    @Override
    public List<AuxiliaryParameter> state() {
      return List.of(scores);
    }

    @Override
    public PrunedUnits pruned(boolean mayChange) {
      return mayChange ? PrunedUnits.RETURNING : PrunedUnits.ZERO;
    }

    @Override
    public WeightView view(MaskedWeight weight) {
      if (!weight.mayChange()) {
        return weight.isDense() ? PlainView.DENSE : PlainView.HARD;
      }
      return weight.isDense() ? Scored.DENSE : hiddenLearn ? Scored.LEARNING : Scored.RESTING;
    }
  }

  private record Scored(Factor forward, Factor gradient) implements WeightView {
    static final WeightView DENSE = new Scored(Factor.ONE, Factor.ONE);
    static final WeightView LEARNING = new Scored(Factor.MASK, Factor.ONE);
    static final WeightView RESTING = new Scored(Factor.MASK, Factor.MASK);

    @Override
    public void backward(StepGradients of) {
      FloatBuffer scores = of.auxiliaryGradients().get(0);
      for (int unit = 0; unit < scores.limit(); unit++) {
        scores.put(unit, of.gradient().get(unit) * of.weight().get(unit));
      }
    }
  }
}
