package io.espalier.telemetry.view;

import java.util.ArrayList;
import java.util.List;

/** The steps that one trainer reported and that no attempt voided. Not thread-safe. */
final class StepCoverage implements VoidedSteps.Values {
  static final int MOST = 128;

  private final VoidedSteps voided;
  private final Segments segments = new Segments();
  private final List<Stretch> stretches = new ArrayList<>(1);

  private record Stretch(int attempt, long from, long to) {}

  record Missing(long from, long to) {}

  StepCoverage(VoidedSteps voided) {
    this.voided = voided;
    voided.register(this);
  }

  void add(int attempt, long from, long to) {
    if (voided.isVoid(attempt, from) || segments.isTaken(attempt, from)) {
      return;
    }
    if (segments.begin(attempt, from)) {
      discard(attempt, from);
    }
    int at = stretches.size();
    while (at > 0 && stretches.get(at - 1).from() > from) {
      at--;
    }
    long end = Math.min(voided.firstVoid(attempt), segments.firstOf(attempt + 1)) - 1;
    stretches.add(at, new Stretch(attempt, from, Math.min(to, end)));
    join(at);
    join(at - 1);
    if (stretches.size() > MOST) {
      Stretch oldest = stretches.remove(0);
      Stretch second = stretches.get(0);
      stretches.set(0, new Stretch(second.attempt(), oldest.from(), second.to()));
    }
  }

  private void join(int index) {
    if (index < 0 || index + 1 >= stretches.size()) {
      return;
    }
    Stretch one = stretches.get(index);
    Stretch next = stretches.get(index + 1);
    if (one.attempt() == next.attempt() && next.from() <= one.to() + 1) {
      stretches.remove(index + 1);
      stretches.set(index, new Stretch(one.attempt(), one.from(), Math.max(one.to(), next.to())));
    }
  }

  @Override
  public void discard(int attempt, long firstVoid) {
    segments.discard(attempt, firstVoid);
    stretches.removeIf(each -> each.attempt() < attempt && each.from() >= firstVoid);
    stretches.replaceAll(
        each ->
            each.attempt() < attempt && each.to() >= firstVoid
                ? new Stretch(each.attempt(), each.from(), firstVoid - 1)
                : each);
  }

  /** Returns the steps from 1 on that are missing before others, in rising order. */
  List<Missing> missing() {
    List<Missing> missing = new ArrayList<>();
    long next = 1;
    for (Stretch stretch : stretches) {
      if (stretch.from() > next) {
        missing.add(new Missing(next, stretch.from() - 1));
      }
      next = Math.max(next, stretch.to() + 1);
    }
    return missing;
  }
}
