package io.espalier.masks.federated;

import io.espalier.masks.Mask;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The rounding errors of a client's sent updates for one parameter, which it adds to its next
 * update ("1-bit stochastic gradient descent and its application to data-parallel distributed
 * training of speech DNNs", Seide et al., 2014; "Error feedback fixes SignSGD and other gradient
 * compression schemes", Karimireddy et al., 2019). Errors of units that are not held are dropped.
 * Immutable, so that a rejected update leaves no trace.
 */
public final class ErrorFeedback {
  private static final float[] NOTHING = {};

  private final int units;

  /** One value per unit, or {@link #NOTHING} if all are 0. */
  private final float[] owed;

  private ErrorFeedback(int units, float[] owed) {
    this.units = units;
    this.owed = owed;
  }

  public static ErrorFeedback none(int units) {
    return new ErrorFeedback(units, NOTHING);
  }

  public static ErrorFeedback of(float[] owed) {
    return carrying(owed.clone());
  }

  private static ErrorFeedback carrying(float[] values) {
    for (float value : values) {
      if (value != 0) {
        return new ErrorFeedback(values.length, values);
      }
    }
    return none(values.length);
  }

  /** Whether no unit has an error. */
  public boolean isNone() {
    return owed == NOTHING;
  }

  public int units() {
    return units;
  }

  public float[] owed() {
    return Arrays.copyOf(owed, units);
  }

  private float owed(int unit) {
    return owed == NOTHING ? 0 : owed[unit];
  }

  /**
   * Encodes the update plus the carried errors for the units that {@code holds} keeps, ascending.
   */
  public Sent send(float[] update, Mask holds, ValueFormat format) {
    if (update.length != units || holds.size() != units) {
      throw new IllegalArgumentException(
          "there must be one change per unit: units=%d, changes=%d, bits=%d"
              .formatted(units, update.length, holds.size()));
    }
    float[] due = new float[holds.kept()];
    for (int i = 0, unit = holds.nextKept(0); unit >= 0; unit = holds.nextKept(unit + 1)) {
      due[i++] = update[unit] + owed(unit);
    }
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(format.length(due.length)));
    format.encode(due, bytes);
    float[] arriving = format.decode(bytes.flip(), due.length);
    return new Sent(bytes.asReadOnlyBuffer(), rest(due, arriving, holds));
  }

  private ErrorFeedback rest(float[] due, float[] arriving, Mask holds) {
    if (Arrays.equals(due, arriving)) {
      return none(units);
    }
    float[] rest = new float[units];
    for (int i = 0, unit = holds.nextKept(0); unit >= 0; unit = holds.nextKept(unit + 1), i++) {
      rest[unit] = due[i] - arriving[i];
    }
    return carrying(rest);
  }

  /** An encoded update, and the errors to carry once it is accepted. */
  public static final class Sent {
    private final ByteBuffer bytes;
    private final ErrorFeedback rest;

    private Sent(ByteBuffer bytes, ErrorFeedback rest) {
      this.bytes = bytes;
      this.rest = rest;
    }

    public ByteBuffer bytes() {
      return bytes.duplicate();
    }

    public ErrorFeedback rest() {
      return rest;
    }
  }
}
