package io.espalier.masks.federated;

/**
 * A client's growth proposal for one parameter: flat unit indices, ascending, with gradients.
 * Immutable.
 */
public final class GradientProposal {
  private final int[] units;
  private final float[] gradients;

  private GradientProposal(int[] units, float[] gradients) {
    this.units = units;
    this.gradients = gradients;
  }

  /**
   * A proposal of the given pairs, which are copied.
   *
   * @throws IllegalArgumentException unless units are 0 or more and ascend, each once, and every
   *     one has a finite gradient
   */
  public static GradientProposal of(int[] units, float[] gradients) {
    if (units.length != gradients.length) {
      throw new IllegalArgumentException(
          "a proposal must have one gradient per unit: units=%d, gradients=%d"
              .formatted(units.length, gradients.length));
    }
    int before = -1;
    for (int i = 0; i < units.length; i++) {
      if (units[i] <= before || !Float.isFinite(gradients[i])) {
        throw new IllegalArgumentException(
            ("proposed units must ascend from 0 and have finite gradients: unit=%d, before=%d,"
                    + " gradient=%s")
                .formatted(units[i], before, gradients[i]));
      }
      before = units[i];
    }
    return new GradientProposal(units.clone(), gradients.clone());
  }

  public int size() {
    return units.length;
  }

  public int unit(int index) {
    return units[index];
  }

  public float gradient(int index) {
    return gradients[index];
  }
}
