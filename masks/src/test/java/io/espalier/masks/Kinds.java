package io.espalier.masks;

import io.espalier.configs.MaskConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.Span;
import io.espalier.masks.annealing.Temperature;
import io.espalier.masks.kind.MaskKinds;
import java.util.Locale;

/** Mask kinds for tests. */
public final class Kinds {
  public static final MaskConfig HARD = MaskKinds.config(MemberSettings.of("hard"));

  private Kinds() {}

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

  public static MaskConfig annealed(double initial, Temperature.Shape shape, Span over) {
    return MaskKinds.config(
        MemberSettings.of("annealed")
            .with("initial-temperature", initial)
            .with("shape", shape.name().toLowerCase(Locale.ROOT))
            .with("over", over));
  }
}
