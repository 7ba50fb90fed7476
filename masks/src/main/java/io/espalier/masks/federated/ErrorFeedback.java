package io.espalier.masks.federated;

import io.espalier.masks.Mask;
import java.nio.ByteBuffer;

/**
 * What a client still owes of one parameter: the rounding errors of what it sent, which it adds to
 * its next update ("1-bit stochastic gradient descent and its application to data-parallel
 * distributed training of speech DNNs", Seide et al., 2014; "Error feedback fixes SignSGD and other
 * gradient compression schemes", Karimireddy et al., 2019).
 *
 * <p>All that was sent and the rest make up the sum of all updates, up to the rounding of floats.
 * Only units that are held take part: what is owed for others is dropped, as their value is gone.
 *
 * <p>Immutable, so that an update which was not accepted leaves no trace.
 */
public final class ErrorFeedback {
  private final float[] owed;

  private ErrorFeedback(float[] owed) {
    this.owed = owed;
  }

  /** Nothing is owed for any of a parameter's units. */
  public static ErrorFeedback none(int units) {
    return new ErrorFeedback(new float[units]);
  }

  /** What was stored of {@link #owed}, which is copied. */
  public static ErrorFeedback of(float[] owed) {
    return new ErrorFeedback(owed.clone());
  }

  /** A copy of what is owed, one value per unit. */
  public float[] owed() {
    return owed.clone();
  }

  /**
   * Encodes an update and what is owed.
   *
   * @param update one change per unit; not changed
   * @param holds the units whose changes are sent, in ascending order
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

  /** An encoded update, and what is owed once it is accepted. */
  public static final class Sent {
    private final ByteBuffer bytes;
    private final ErrorFeedback rest;

    private Sent(ByteBuffer bytes, ErrorFeedback rest) {
      this.bytes = bytes;
      this.rest = rest;
    }

    /** A read-only view of the encoded values of the units that are held. */
    public ByteBuffer bytes() {
      return bytes.duplicate();
    }

    public ErrorFeedback rest() {
      return rest;
    }
  }
}
