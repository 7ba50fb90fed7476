package io.espalier.trainer.network;

import io.espalier.configs.LayerKinds.Settings;
import io.espalier.configs.Rules;

/** x where that is positive, else {@code slope} · x (Maas, Hannun and Ng, 2013). */
public record LeakyRelu(float slope) implements Layer, ActivationLayer {
  static final LayerKind KIND = LayerKind.of("leaky-relu", LeakyRelu.class, LeakyRelu::read);

  public LeakyRelu {
    LayerParameters.requireFinite("slope", slope);
  }

  private static LayerKind.Maker read(Settings settings) {
    double slope = settings.number("slope", 0.01);
    new Rules().require("slope", slope, slope >= 0 && slope < 1, "at least 0 and below 1").verify();
    return sizes -> new LeakyRelu((float) slope);
  }
}
