package io.espalier.telemetry.event;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** What happens around training: checkpoints, failing trainers, and the use of the machine. */
public sealed interface HostEvent extends Event {
  /**
   * A checkpoint is complete on disk. One whose process died just then, or that was still being
   * written when the run ended, is not told of.
   */
  record CheckpointWritten(long step, String directory, long bytes) implements HostEvent {}

  /**
   * A checkpoint could not be written, and training goes on; the one before it stands.
   *
   * @param step of the state that it would have held
   */
  record CheckpointFailed(long step, String cause) implements HostEvent {}

  /**
   * Events before this one are missing, as the outbox could not be written; none of them had a
   * sequence. What the compacted topics hold is not missing, only late.
   *
   * @param count of the missing events
   * @param byTopic the same by name of the topic; topics without a missing event are left out
   */
  record EventsLost(long count, Map<String, Long> byTopic, String cause) implements HostEvent {
    public EventsLost {
      byTopic = Collections.unmodifiableMap(new TreeMap<>(byTopic));
    }
  }

  /**
   * A trainer's life ended by an exception.
   *
   * @param step completed steps at the last committed state
   */
  record TrainerFailed(int trainer, int incarnation, long step, String cause)
      implements HostEvent {}

  /**
   * A trainer lives again and replays from the last committed state.
   *
   * @param incarnation number of the new life
   */
  record TrainerRestarted(int trainer, int incarnation, long step) implements HostEvent {}

  /**
   * What the process used since the last such event.
   *
   * @param processCpu share of all processors, from 0 to 1
   * @param backPressure transfers that had to wait for their receiver, since the start
   * @param unshippedBytes of the outbox that no broker has acknowledged
   */
  record ResourcesMeasured(
      double processCpu,
      long heapBytes,
      long residentBytes,
      long backPressure,
      int threads,
      long unshippedBytes)
      implements HostEvent {}
}
