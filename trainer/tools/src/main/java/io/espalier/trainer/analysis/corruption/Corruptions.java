package io.espalier.trainer.analysis.corruption;

import java.util.List;

/** All corruptions. */
public final class Corruptions {
  private Corruptions() {}

  public static List<Corruption> all() {
    return List.of(
        new GaussianNoise(),
        new ShotNoise(),
        new ImpulseNoise(),
        new GaussianBlur(),
        new Pixelation(),
        new Brightness(),
        new Contrast());
  }
}
