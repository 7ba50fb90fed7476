package io.espalier.telemetry.view;

import java.util.ArrayList;
import java.util.List;

/**
 * Which sequences of one source and topic have come, and between which steps some are missing. They
 * may come in any order. Not thread-safe.
 */
final class SequenceFilter {
  /**
   * The most stretches that are kept apart; what lies between the oldest is then taken to be lost.
   */
  static final int MOST = 64;

  /** What stands for no step. */
  public static final long NO_STEP = -1;

  private final List<Stretch> stretches = new ArrayList<>(1);

  /** Sequences without gaps, and the first and last step that they tell of. */
  private record Stretch(long from, long to, Mark first, Mark last) {
    Stretch joined(Stretch next) {
      return new Stretch(
          from,
          next.to,
          first.step() == NO_STEP ? next.first : first,
          next.last.step() == NO_STEP ? last : next.last);
    }
  }

  private record Mark(int attempt, long step) {}

  /** Steps between which sequences are missing. */
  public record Hole(long fromStep, long toStep) {}

  /**
   * Notes a sequence; tells whether it is new.
   *
   * @param step that its event tells of, or {@link #NO_STEP}
   */
  public boolean add(long sequence, int attempt, long step) {
    int at = stretches.size();
    while (at > 0 && stretches.get(at - 1).from() > sequence) {
      at--;
    }
    if (at > 0 && stretches.get(at - 1).to() >= sequence) {
      return false;
    }
    Mark mark = new Mark(attempt, step);
    Stretch added = new Stretch(sequence, sequence, mark, mark);
    if (at < stretches.size() && stretches.get(at).from() == sequence + 1) {
      added = added.joined(stretches.remove(at));
    }
    if (at > 0 && stretches.get(at - 1).to() == sequence - 1) {
      stretches.set(at - 1, stretches.get(at - 1).joined(added));
    } else {
      stretches.add(at, added);
    }
    if (stretches.size() > MOST) {
      stretches.set(0, stretches.get(0).joined(stretches.remove(1)));
    }
    return true;
  }

  /**
   * The holes that are not in what a later attempt made void, in the order of their sequences.
   *
   * @param voided of the run
   */
  public List<Hole> holes(VoidedSteps voided) {
    List<Hole> holes = new ArrayList<>();
    Mark before = new Mark(1, 0);
    long next = 1;
    for (Stretch stretch : stretches) {
      boolean measured = !voided.isVoid(before.attempt(), before.step());
      if (stretch.from() > next && measured) {
        long to = stretch.first().step() == NO_STEP ? before.step() : stretch.first().step();
        holes.add(new Hole(before.step(), Math.max(before.step(), to)));
      }
      before = stretch.last().step() == NO_STEP ? before : stretch.last();
      next = stretch.to() + 1;
    }
    return holes;
  }
}
