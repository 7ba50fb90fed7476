package io.espalier.masks.federated;

import io.espalier.masks.Mask;
import java.nio.ByteBuffer;

/**
 * The rounding errors of a client's sent updates for one parameter, which it adds to its next
 * update ("1-bit stochastic gradient descent and its application to data-parallel distributed
 * training of speech DNNs", Seide et al., 2014; "Error feedback fixes SignSGD and other gradient
 * compression schemes", Karimireddy et al., 2019). Errors of units that are not held are dropped.
 * Immutable, so that a rejected update leaves no trace.
 */
public final class ErrorFeedback {
  private final float[] owed;

  private ErrorFeedback(float[] owed) {
    this.owed = owed;
  }

  public static ErrorFeedback none(int units) {
    return new ErrorFeedback(new float[units]);
  }

  public static ErrorFeedback of(float[] owed) {
    return new ErrorFeedback(owed.clone());
  }

  public float[] owed() {
    return owed.clone();
  }

  /**
   * Encodes the update plus the carried errors for the units that {@code holds} keeps, ascending.
   */
  public Sent send(float[] update, Mask holds, ValueFormat format) {
    if (update.length != owed.length || holds.size() != owed.length) {
      throw new IllegalArgumentException(
          "there must be one change per unit: units=%d, changes=%d, bits=%d"
              .formatted(owed.length, update.length, holds.size()));
    }
    float[] due = new float[holds.kept()];
    for (int i = 0, unit = holds.nextKept(0); unit >= 0; unit = holds.nextKept(unit + 1)) {
      due[i++] = update[unit] + owed[unit];
    }
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(format.length(due.length)));
    format.encode(due, bytes);
    float[] arriving = format.decode(bytes.flip(), due.length);
    float[] rest = new float[owed.length];
    for (int i = 0, unit = holds.nextKept(0); unit >= 0; unit = holds.nextKept(unit + 1), i++) {
      rest[unit] = due[i] - arriving[i];
    }
    return new Sent(bytes.asReadOnlyBuffer(), new ErrorFeedback(rest));
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
