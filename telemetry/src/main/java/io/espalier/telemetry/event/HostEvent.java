package io.espalier.telemetry.event;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** An event around training: checkpoints, failing trainers, and the use of the machine. */
public sealed interface HostEvent extends Event {
  /**
   * A checkpoint is complete on disk; not reported if the process dies or the run ends meanwhile.
   */
  record CheckpointWritten(long step, String directory, long bytes) implements HostEvent {}

  /**
   * A checkpoint at {@code step} could not be written; training continues and the previous one
   * stays valid.
   */
  record CheckpointFailed(long step, String cause) implements HostEvent {}

  /**
   * Events before this one were lost as the outbox could not be written; none had a sequence.
   * States of compacted topics are only late. {@code byTopic} leaves out topics without a loss.
   */
  record EventsLost(long count, Map<String, Long> byTopic, String cause) implements HostEvent {
    public EventsLost {
      byTopic = Collections.unmodifiableMap(new TreeMap<>(byTopic));
    }
  }

  /** An attempt begins to read its stream; offsets are in the order of the partitions' turns. */
  record StreamOpened(String topic, String topicId, List<Integer> partitions, List<Long> offsets)
      implements HostEvent {
    public StreamOpened {
      partitions = List.copyOf(partitions);
      offsets = List.copyOf(offsets);
    }
  }

  /**
   * Training waits for records of its stream; repeated from time to time. {@code seconds} is the
   * wait so far.
   */
  record StreamWaiting(String topic, int partition, double seconds, String cause)
      implements HostEvent {}

  record StreamFlowing(String topic, double seconds) implements HostEvent {}

  /**
   * Records of the stream without an example were skipped: {@code count} since the last such event;
   * partition, offset and reason are the newest one's.
   */
  record RecordsSkipped(String topic, long count, int partition, long offset, String reason)
      implements HostEvent {}

  /** A trainer's incarnation ended by an exception; {@code step} is of the last committed state. */
  record TrainerFailed(int trainer, int incarnation, long step, String cause)
      implements HostEvent {}

  /**
   * A trainer restarted as {@code incarnation} and replays from the last committed state, at {@code
   * step}.
   */
  record TrainerRestarted(int trainer, int incarnation, long step) implements HostEvent {}

  /**
   * The run needs attention, until {@link AlertCleared} names the same kind. A resuming attempt
   * first clears what the one before left open.
   *
   * @param kind {@link #NOT_FINITE}, {@link #NO_PROGRESS}, {@link #DEAD_TRAINER}, {@link
   *     #OFF_TARGET}, {@link #DISK_LOW}, {@link #LOSS_JUMP}, {@link #CLOCK_STEP}, {@link
   *     #HIDDEN_WEIGHTS}, {@link #DEAD_UNITS}, {@link #NO_EFFECT} or {@link #CAPABILITY}; more may
   *     come
   * @param step completed steps at the last committed state
   * @param text what is wrong, for people to read
   */
  record AlertRaised(String kind, long step, String text) implements HostEvent {
    /** A loss or a weight is not finite; the run fails. */
    public static final String NOT_FINITE = "not-finite";

    /** No step was committed for a long time. */
    public static final String NO_PROGRESS = "no-progress";

    /** A trainer failed and has not caught up yet. */
    public static final String DEAD_TRAINER = "dead-trainer";

    /** The masks keep more or less than the schedule asked for. */
    public static final String OFF_TARGET = "off-target";

    /** The disk of the run's directory is nearly full. */
    public static final String DISK_LOW = "disk-low";

    /** The merge of a round raised the held-out loss beyond its bound, and was not adopted. */
    public static final String LOSS_JUMP = "loss-jump";

    /** The wall clock was set, so that times of events before and after do not compare. */
    public static final String CLOCK_STEP = "clock-step";

    /** Pruned weights that live on grew beyond kept ones; raised once per parameter. */
    public static final String HIDDEN_WEIGHTS = "hidden-weights";

    /** Most outputs of a layer have no weight left; raised once per parameter. */
    public static final String DEAD_UNITS = "dead-units";

    /** A part of the recipe changed nothing. */
    public static final String NO_EFFECT = "no-effect";

    /** The engine computes with other instructions than before, or than the coordinator's. */
    public static final String CAPABILITY = "capability";

    private static final Set<String> OF_THE_RESULT =
        Set.of(HIDDEN_WEIGHTS, DEAD_UNITS, NO_EFFECT, CAPABILITY);

    /** Whether the run goes on, to an end that it would not have without the cause. */
    public boolean concernsResult() {
      return OF_THE_RESULT.contains(kind);
    }
  }

  /**
   * An alert is over; {@code step} is of the last committed state, {@code text} says how it ended.
   */
  record AlertCleared(String kind, long step, String text) implements HostEvent {}

  /**
   * Resource use of the process since the last such event. Older versions omit the last four.
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
