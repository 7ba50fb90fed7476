package io.espalier.masks.kind;

import io.espalier.masks.Mask;
import java.nio.FloatBuffer;

/** Masks as factors that leave the variance of a layer's outputs about as it was. */
final class Rescaling {
  private Rescaling() {}

  /** Writes {@code √(n / kept)} where kept, or 1 without rescaling, and 0 elsewhere. */
  static void write(Mask open, boolean rescale, FloatBuffer factors) {
    float factor =
        rescale && open.kept() > 0 ? (float) Math.sqrt((double) open.size() / open.kept()) : 1;
    for (int unit = 0; unit < open.size(); unit++) {
      factors.put(unit, open.isKept(unit) ? factor : 0);
    }
  }
}
