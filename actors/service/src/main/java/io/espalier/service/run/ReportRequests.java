package io.espalier.service.run;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Requests reports of any number of runs, a bounded number at a time: after a restart a thousand
 * entities would else read the journal at once, and their reports would flood the scheduler. Runs
 * with an attempt come first. Belongs to the scheduler.
 */
final class ReportRequests {
  private static final int MOST_OPEN = 50;

  private final Consumer<ScheduledRun> wake;
  private final Map<String, ScheduledRun> open = new LinkedHashMap<>();
  private final Map<String, ScheduledRun> waiting = new LinkedHashMap<>();

  ReportRequests(Consumer<ScheduledRun> wake) {
    this.wake = wake;
  }

  void add(Collection<ScheduledRun> runs) {
    runs.stream().filter(entry -> entry.state().hasAttempt()).forEach(this::enqueue);
    runs.stream().filter(entry -> !entry.state().hasAttempt()).forEach(this::enqueue);
    fill();
  }

  private void enqueue(ScheduledRun entry) {
    open.remove(entry.run());
    waiting.put(entry.run(), entry);
  }

  void answered(String run) {
    waiting.remove(run);
    if (open.remove(run) != null) {
      fill();
    }
  }

  /** Asks again for what is unanswered; those that were asked before let others go first. */
  void repeat(Collection<ScheduledRun> unanswered) {
    Set<String> silent = Set.copyOf(open.keySet());
    open.clear();
    waiting.clear();
    unanswered.stream().filter(entry -> !silent.contains(entry.run())).forEach(this::enqueue);
    unanswered.stream().filter(entry -> silent.contains(entry.run())).forEach(this::enqueue);
    fill();
  }

  private void fill() {
    Iterator<ScheduledRun> next = waiting.values().iterator();
    while (open.size() < MOST_OPEN && next.hasNext()) {
      ScheduledRun entry = next.next();
      next.remove();
      open.put(entry.run(), entry);
      wake.accept(entry);
    }
  }
}
