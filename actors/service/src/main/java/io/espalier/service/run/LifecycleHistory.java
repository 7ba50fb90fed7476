package io.espalier.service.run;

import io.espalier.service.LifecycleEntry;
import io.espalier.service.RunState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The events of a run that users see. Consecutive checkpoints are one entry, the newest; the oldest
 * entries of very long lives are dropped, but not the submission.
 *
 * @param told entries so far, including dropped ones
 */
record LifecycleHistory(List<LifecycleEntry> entries, long told) {
  static final LifecycleHistory NONE = new LifecycleHistory(List.of(), 0);
  private static final int MOST_ENTRIES = 500;
  private static final String CHECKPOINTED = "checkpointed";

  public LifecycleHistory {
    entries = List.copyOf(entries);
  }

  LifecycleHistory with(Instant time, LifecycleEvent event, RunState state) {
    List<LifecycleEntry> next = new ArrayList<>(entries);
    boolean replaces =
        event.word().equals(CHECKPOINTED)
            && !next.isEmpty()
            && next.get(next.size() - 1).event().equals(CHECKPOINTED);
    if (replaces) {
      next.remove(next.size() - 1);
    } else if (next.size() >= MOST_ENTRIES) {
      next.remove(1);
    }
    long number = replaces ? told : told + 1;
    next.add(new LifecycleEntry(number, time, event.word(), state, event.detail()));
    return new LifecycleHistory(next, number);
  }
}
