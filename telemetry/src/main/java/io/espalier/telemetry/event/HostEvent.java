package io.espalier.telemetry.event;

/** What happens around training: checkpoints, failing trainers, and the use of the machine. */
public sealed interface HostEvent extends Event {
  /** A checkpoint is complete on disk. */
  record CheckpointWritten(long step, String directory, long bytes) implements HostEvent {}

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
