package io.espalier.trainer.run;

import io.espalier.configs.MaskConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.Span;
import io.espalier.masks.annealing.Temperature;
import io.espalier.masks.kind.MaskKinds;
import java.util.Locale;

/** Mask kinds for tests. */
public final class Kinds {
  public static final MaskConfig HARD = MaskKinds.config(MemberSettings.of("hard"));

  public static final MaskConfig MOVEMENT = movement(1, true);

  private Kinds() {}

  public static MaskConfig movement(double rate, boolean hiddenLearn) {
    return MaskKinds.config(
        MemberSettings.of("movement")
            .with("rate", rate)
            .with("weight-decay", 0.0)
            .with("hidden-learn", hiddenLearn));
  }

  /** The score that a kind is for. */
  public static MemberSettings score(MaskConfig mask) {
    boolean hasScores = mask.member().is("movement") || mask.member().is("averaged-taylor");
    return MemberSettings.of(hasScores ? mask.member().name() : "magnitude");
  }

  public static MaskConfig soft(double maskedDecay) {
    return soft(maskedDecay, 1, true);
  }

  public static MaskConfig soft(double maskedDecay, double hiddenGradient, boolean hiddenMomentum) {
    return MaskKinds.config(
        MemberSettings.of("soft")
            .with("masked-decay", maskedDecay)
            .with("hidden-gradient", hiddenGradient)
            .with("hidden-momentum", hiddenMomentum));
  }

  public static MaskConfig averagedTaylor(double maskedDecay) {
    return MaskKinds.config(MemberSettings.of("averaged-taylor").with("masked-decay", maskedDecay));
  }

  public static MaskConfig softThreshold(double initial, double rate, double decay) {
    return MaskKinds.config(
        MemberSettings.of("soft-threshold")
            .with("initial", initial)
            .with("rate", rate)
            .with("weight-decay", decay));
  }

  public static MaskConfig annealed(double initial, Temperature.Shape shape, Span over) {
    return MaskKinds.config(
        MemberSettings.of("annealed")
            .with("initial-temperature", initial)
            .with("shape", shape.name().toLowerCase(Locale.ROOT))
            .with("over", over));
  }
}
