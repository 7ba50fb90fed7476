package io.espalier.telemetry.event;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** What happens around training: checkpoints, failing trainers, and the use of the machine. */
public sealed interface HostEvent extends Event {
  /**
   * A checkpoint is complete on disk. A checkpoint is not reported if the process dies just then,
   * or if it is still being written when the run ends.
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
   * An attempt begins to read its stream.
   *
   * @param topic the user's, from which the examples come
   * @param topicId that the broker gave it
   * @param partitions that are read, in the order of their turns
   * @param offsets where the attempt begins to read, in the same order
   */
  record StreamOpened(String topic, String topicId, List<Integer> partitions, List<Long> offsets)
      implements HostEvent {
    public StreamOpened {
      partitions = List.copyOf(partitions);
      offsets = List.copyOf(offsets);
    }
  }

  /**
   * Training waits for records of its stream; repeated from time to time.
   *
   * @param partition whose record is awaited
   * @param seconds since training began to wait
   */
  record StreamWaiting(String topic, int partition, double seconds, String cause)
      implements HostEvent {}

  /** Records arrive again after {@link StreamWaiting}. */
  record StreamFlowing(String topic, double seconds) implements HostEvent {}

  /**
   * Records of the stream were skipped because they hold no example.
   *
   * @param count of them since the last such event
   * @param partition of the newest one
   * @param offset of the newest one
   * @param reason why the newest one holds none
   */
  record RecordsSkipped(String topic, long count, int partition, long offset, String reason)
      implements HostEvent {}

  /**
   * A trainer's incarnation ended by an exception.
   *
   * @param step completed steps at the last committed state
   */
  record TrainerFailed(int trainer, int incarnation, long step, String cause)
      implements HostEvent {}

  /**
   * A trainer restarted and replays from the last committed state.
   *
   * @param incarnation number of the new one
   */
  record TrainerRestarted(int trainer, int incarnation, long step) implements HostEvent {}

  /**
   * Something about the run needs a person's eye. Said once when it begins; it lasts until {@link
   * AlertCleared} names the same kind. An attempt that goes on clears first what the one before
   * left open.
   *
   * @param kind {@link #NOT_FINITE}, {@link #NO_PROGRESS}, {@link #DEAD_TRAINER}, {@link
   *     #OFF_TARGET} or {@link #DISK_LOW}; more may come
   * @param step completed steps at the last committed state
   * @param text what is wrong, for people to read
   */
  record AlertRaised(String kind, long step, String text) implements HostEvent {
    /** A loss or a weight is no finite number; the run fails. */
    public static final String NOT_FINITE = "not-finite";

    /** No step was committed for long. */
    public static final String NO_PROGRESS = "no-progress";

    /** A trainer failed and has not caught up yet. */
    public static final String DEAD_TRAINER = "dead-trainer";

    /** The masks keep more or less than the schedule asked for. */
    public static final String OFF_TARGET = "off-target";

    /** The disk of the run's directory is nearly full. */
    public static final String DISK_LOW = "disk-low";
  }

  /**
   * The cause of an alert is over.
   *
   * @param kind as it was raised
   * @param step completed steps at the last committed state
   * @param text how it ended, for people to read
   */
  record AlertCleared(String kind, long step, String text) implements HostEvent {}

  /**
   * What the process used since the last such event. The last four are absent where older versions
   * wrote the event.
   *
   * @param processCpu share of all processors, from 0 to 1
   * @param backPressure transfers that had to wait for their receiver, since the start
   * @param unshippedBytes of the outbox that no broker has acknowledged
   * @param nativeBytes anonymous resident memory minus what the JVM says that it committed: heap,
   *     memory outside it, and direct buffers. What is left is mostly the tensors of the engine;
   *     too little by what is committed and not resident yet, and 0 if not known
   * @param diskFreeBytes that the file system of the run's directory has for this process
   * @param mailboxDepth messages that wait in the mailboxes of coordinator and trainers, or of a
   *     federation's server, in this process
   * @param intervalSeconds how often the event is said while the run is running; 0 if not known
   */
  record ResourcesMeasured(
      double processCpu,
      long heapBytes,
      long residentBytes,
      long backPressure,
      int threads,
      long unshippedBytes,
      long nativeBytes,
      OptionalLong diskFreeBytes,
      long mailboxDepth,
      double intervalSeconds)
      implements HostEvent {}
}
