package io.espalier.trainer.sparse;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import io.espalier.trainer.update.Updated;
import java.util.Arrays;

/**
 * A parameter of which only kept values exist: values, gradient and moments are arrays of one
 * element per kept unit, in the mask's order. Confined to one thread.
 */
public final class SparseParameter implements Updated {
  private static final float[] NONE = {};

  private final ParameterShape shape;
  private final boolean hasGradient;
  private boolean trained;
  private Mask mask;
  private float[] values;
  private float[] seen;
  private boolean isViewed;
  private float[] gradient;
  private float[][] moments;
  private int version;

  private SparseParameter(ParameterShape shape, Mask mask, boolean trained, int moments) {
    requireSize(shape, mask);
    this.shape = shape;
    this.hasGradient = trained;
    this.trained = trained;
    this.mask = mask;
    values = new float[mask.kept()];
    seen = values;
    gradient = NONE;
    this.moments = new float[moments][mask.kept()];
  }

  /** A parameter that a network trains. */
  static SparseParameter trained(ParameterShape shape, Mask mask, int moments) {
    return new SparseParameter(shape, mask, true, moments);
  }

  /** A parameter of a network for inference, or a statistic. */
  static SparseParameter fixed(ParameterShape shape, Mask mask) {
    return new SparseParameter(shape, mask, false, 0);
  }

  private static void requireSize(ParameterShape shape, Mask mask) {
    if (mask.size() != shape.size()) {
      throw new IllegalArgumentException(
          "a mask must have one unit per element: parameter=%s, elements=%d, units=%d"
              .formatted(shape.id().name(), shape.size(), mask.size()));
    }
  }

  public ParameterShape shape() {
    return shape;
  }

  public Mask mask() {
    return mask;
  }

  /** False for statistics, for frozen parameters, and in networks for inference. */
  public boolean isTrained() {
    return trained;
  }

  /** Keeps its values from now on; it has no moments, and its gradient has no effect. */
  public void freeze() {
    trained = false;
    moments = new float[0][];
  }

  /** Whether units that a mask prunes need no memory: those of weights, of rank 2 or more. */
  public static boolean packs(ParameterShape shape) {
    return shape.rank() >= 2;
  }

  /** Whether weight decay applies, as in the engine: to parameters of rank 2 or more. */
  public boolean decays() {
    return shape.rank() >= 2;
  }

  @Override
  public int count() {
    return values.length;
  }

  /**
   * Live, until the mask is replaced; in a network for inference to be set before the first pass.
   */
  @Override
  public float[] values() {
    return values;
  }

  /**
   * What passes compute with: the values, or an array of its own that is written before a pass.
   * Live, until the mask is replaced.
   */
  public float[] seen() {
    return seen;
  }

  /** Sets whether {@link #seen} is an array of its own. */
  public void view(boolean apart) {
    if (apart != isViewed) {
      isViewed = apart;
      seen = apart ? new float[values.length] : values;
      version++;
    }
  }

  /**
   * Live, until the mask is replaced; empty if the network does not train. Gets its memory when it
   * is first asked for.
   */
  @Override
  public float[] gradient() {
    allocateGradient();
    return gradient;
  }

  /** Gets the gradient's memory before several threads ask for it. */
  void allocateGradient() {
    if (hasGradient && gradient.length != values.length) {
      gradient = new float[values.length];
    }
  }

  public int moments() {
    return moments.length;
  }

  /** Live, until the mask is replaced. */
  @Override
  public float[] moment(int index) {
    return moments[index];
  }

  /** Counts changes of the arrays that passes read. */
  int version() {
    return version;
  }

  /** Takes kept elements from a dense array. */
  public static void pack(Mask mask, float[] dense, float[] kept) {
    for (int unit = mask.nextKept(0), i = 0; unit >= 0; unit = mask.nextKept(unit + 1)) {
      kept[i++] = dense[unit];
    }
  }

  /** Writes kept elements to their places in a dense array, and 0 to all others. */
  public static void unpack(Mask mask, float[] kept, float[] dense) {
    Arrays.fill(dense, 0);
    for (int unit = mask.nextKept(0), i = 0; unit >= 0; unit = mask.nextKept(unit + 1)) {
      dense[unit] = kept[i++];
    }
  }

  /**
   * Replaces the mask. Units kept before and after carry value and moments over; regrown ones start
   * with moments of 0.
   *
   * @param regrown values of the units that only the new mask keeps, in its order
   */
  public void replaceMask(Mask next, float[] regrown) {
    requireSize(shape, next);
    int grown = next.kept() - next.countAnd(mask);
    if (regrown.length != grown) {
      throw new IllegalArgumentException(
          "regrown units must have one value each: parameter=%s, regrown=%d, values=%d"
              .formatted(shape.id().name(), grown, regrown.length));
    }
    values = carried(values, next, regrown);
    for (int i = 0; i < moments.length; i++) {
      moments[i] = carried(moments[i], next, new float[grown]);
    }
    seen = isViewed ? new float[values.length] : values;
    gradient = NONE;
    mask = next;
    version++;
  }

  private float[] carried(float[] from, Mask next, float[] regrown) {
    float[] result = new float[next.kept()];
    int old = mask.nextKept(0);
    int oldIndex = 0;
    int grown = 0;
    for (int unit = next.nextKept(0), i = 0; unit >= 0; unit = next.nextKept(unit + 1), i++) {
      while (old >= 0 && old < unit) {
        old = mask.nextKept(old + 1);
        oldIndex++;
      }
      result[i] = old == unit ? from[oldIndex] : regrown[grown++];
    }
    return result;
  }
}
