package io.espalier.telemetry.view;

import java.util.ArrayList;
import java.util.List;

/**
 * The received sequences of one source and topic, in any order, and the gaps between steps. Not
 * thread-safe.
 */
final class SequenceFilter {
  /** The most separate stretches; gaps between the oldest then count as lost. */
  static final int MOST = 64;

  static final long NO_STEP = -1;

  private final List<Stretch> stretches = new ArrayList<>(1);

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

  record Hole(long fromStep, long toStep) {}

  /** Records a sequence and its step, or {@link #NO_STEP}; returns whether it is new. */
  boolean add(long sequence, int attempt, long step) {
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

  /** Returns holes that are not void, in sequence order. */
  List<Hole> holes(VoidedSteps voided) {
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
