package io.espalier.telemetry.view;

import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.MaskEvent.ParameterMasks;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The counts of a mask update in little memory. */
final class MaskCounts {
  private static final int COLUMNS = 4;

  private final List<String> names;
  private final long[] counts;
  private final MasksUpdated summary;
  private final Instant time;

  private MaskCounts(List<String> names, long[] counts, MasksUpdated summary, Instant time) {
    this.names = names;
    this.counts = counts;
    this.summary = summary;
    this.time = time;
  }

  static MaskCounts of(MasksUpdated update, Instant time, Optional<MaskCounts> before) {
    List<ParameterMasks> masks = update.parameters();
    List<String> names = masks.stream().map(ParameterMasks::name).toList();
    long[] counts = new long[COLUMNS * masks.size()];
    for (int i = 0; i < masks.size(); i++) {
      counts[COLUMNS * i] = masks.get(i).target();
      counts[COLUMNS * i + 1] = masks.get(i).kept();
      counts[COLUMNS * i + 2] = masks.get(i).pruned();
      counts[COLUMNS * i + 3] = masks.get(i).regrown();
    }
    List<String> shared = before.map(other -> other.names).filter(names::equals).orElse(names);
    return new MaskCounts(shared, counts, summaryOf(update), time);
  }

  static MasksUpdated summaryOf(MasksUpdated update) {
    return new MasksUpdated(
        update.step(),
        update.maskVersion(),
        update.targetSparsity(),
        update.sparsity(),
        update.kept(),
        List.of(),
        update.updateSeconds(),
        update.budget(),
        update.budgetShare(),
        update.refit());
  }

  MasksUpdated summary() {
    return summary;
  }

  Instant time() {
    return time;
  }

  List<String> names() {
    return names;
  }

  long target(int index) {
    return counts[COLUMNS * index];
  }

  long kept(int index) {
    return counts[COLUMNS * index + 1];
  }

  long pruned(int index) {
    return counts[COLUMNS * index + 2];
  }

  long regrown(int index) {
    return counts[COLUMNS * index + 3];
  }
}
