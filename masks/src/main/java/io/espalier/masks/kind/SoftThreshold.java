package io.espalier.masks.kind;

import io.espalier.configs.MaskTraits;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.Mask;
import io.espalier.masks.kind.AuxiliaryParameter.Extent;
import io.espalier.masks.kind.AuxiliaryParameter.Training;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Passes see {@code ŵ = sign(w) · max(|w| − σ(s), 0)} with one trained {@code s} per layer, so that
 * sparsity is an outcome of its decay towards 0, which raises the threshold, and of the loss ("Soft
 * Threshold Weight Reparameterization for Learnable Sparsity", Kusupati et al., 2020). The last
 * mask update turns the weights into what passes saw.
 */
final class SoftThreshold implements MaskKindProvider {
  private static final String INITIAL = "initial";
  private static final String RATE = "rate";
  private static final String DECAY = "weight-decay";

  @Override
  public String name() {
    return "soft-threshold";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.number(INITIAL, 0.001).number(RATE, 1).number(DECAY, 0.01);
  }

  @Override
  public void check(MemberSettings settings) {
    double initial = settings.number(INITIAL);
    new Rules()
        .require(INITIAL, initial, initial >= 1e-9 && initial <= 0.5, "from 1e-9 to 0.5")
        .verify();
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
    double initial = settings.number(INITIAL);
    return new Threshold(
        new AuxiliaryParameter(
            "threshold",
            Extent.LAYER,
            (float) StrictMath.log(initial / (1 - initial)),
            Optional.of(training(settings)),
            true));
  }

  /** The threshold of a layer's trained value. */
  private static float sigma(FloatBuffer trained) {
    return (float) (1 / (1 + StrictMath.exp(-(double) trained.get(0))));
  }

  private record Threshold(AuxiliaryParameter trained) implements MaskKind {
    @Override
    public List<AuxiliaryParameter> state() {
      return List.of(trained);
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
    public Optional<LearnedSelection> choice() {
      return Optional.of(
          weight -> {
            float threshold = sigma(weight.auxiliary().get(0));
            return Mask.of(
                weight.values().limit(), unit -> Math.abs(weight.values().get(unit)) > threshold);
          });
    }

    @Override
    public WeightView view(MaskedWeight weight) {
      if (weight.mayChange()) {
        return new Shrinking();
      }
      return weight.isDense() ? PlainView.DENSE : PlainView.HARD;
    }
  }

  private record Shrinking() implements WeightView {
    @Override
    public Factor forward() {
      return Factor.STEP;
    }

    /** {@link #backward} leaves out the weights below the threshold. */
    @Override
    public Factor gradient() {
      return Factor.ONE;
    }

    @Override
    public void factors(StepFactors of) {
      float threshold = sigma(of.auxiliary().get(0));
      for (int unit = 0; unit < of.factors().limit(); unit++) {
        float size = Math.abs(of.weight().get(unit));
        of.factors().put(unit, size > threshold ? (size - threshold) / size : 0);
      }
    }

    @Override
    public void backward(StepGradients of) {
      float threshold = sigma(of.auxiliary().get(0));
      double along = 0;
      for (int unit = 0; unit < of.gradient().limit(); unit++) {
        float weight = of.weight().get(unit);
        if (Math.abs(weight) > threshold) {
          along += Math.signum(weight) * of.gradient().get(unit);
        } else {
          of.gradient().put(unit, 0);
        }
      }
      of.auxiliaryGradients().get(0).put(0, (float) (-along * threshold * (1 - threshold)));
    }
  }
}
