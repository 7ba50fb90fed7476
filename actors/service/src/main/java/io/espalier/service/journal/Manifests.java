package io.espalier.service.journal;

import io.espalier.service.run.JournaledRun;
import io.espalier.service.run.SchedulerEvent;
import io.espalier.service.run.SchedulerState;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The manifests of events and snapshots. Each row of the journal has one, so a manifest never
 * changes; where a class moves or gets another name, its class literal here follows.
 */
final class Manifests {
  private static final Map<String, Class<?>> TYPES =
      Map.of(
          "run-event", JournaledRun.Recorded.class,
          "run-snapshot", JournaledRun.class,
          "scheduler-event", SchedulerEvent.Noted.class,
          "scheduler-snapshot", SchedulerState.Saved.class);

  // Version 0.1 wrote the names of its classes. They are text: no refactoring may change them.
  private static final Map<String, String> BEFORE =
      Map.of(
          "io.espalier.actors.service.lifecycle.Run$Recorded", "run-event",
          "io.espalier.actors.service.lifecycle.Run", "run-snapshot",
          "io.espalier.actors.service.schedule.SchedulerEvent$Noted", "scheduler-event",
          "io.espalier.actors.service.schedule.Register$Saved", "scheduler-snapshot");

  private static final Map<Class<?>, String> BY_TYPE =
      TYPES.entrySet().stream()
          .collect(Collectors.toUnmodifiableMap(Entry::getValue, Entry::getKey));

  private Manifests() {}

  /** The manifest of a journalled type; empty for a message between nodes. */
  static Optional<String> of(Class<?> type) {
    return Optional.ofNullable(BY_TYPE.get(type));
  }

  static String className(String manifest) {
    Class<?> type = TYPES.get(BEFORE.getOrDefault(manifest, manifest));
    return type == null ? manifest : type.getName();
  }
}
