package io.espalier.configs.fault;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * Places between two states where the death of a process or thread would reveal a mistake. Only
 * tests {@link #arm} them. Thread-safe.
 */
public enum CrashPoint {
  /** An attempt at a run has its outbox, and nothing that ships it. */
  OUTBOX_OPENED,
  /** The broker starts in the background, and no shipper waits for it. */
  BROKER_STARTING,
  /** Events are shipped, and no recorder has the shipper. */
  SHIPPER_STARTED,
  /** An attempt records events, and has no state to train from. */
  RECORDER_OPENED,
  /** A media driver runs without a client. */
  DRIVER_STARTED,
  /** Driver and client run without a thread that moves transfers. */
  AERON_CONNECTED,
  /** Transfers can move, and there are no actors. */
  TRANSPORT_STARTED,
  /** The actors of an attempt have been started, and no caller has their result yet. */
  ACTORS_STARTED,
  /** A trainer has taken a step that it does not count yet. */
  WHILE_STEPPING,
  /** All states are with the coordinator. */
  BEFORE_AVERAGING,
  /** The next state is committed, and no trainer knows of it. */
  BEFORE_PUBLISHING,
  /** The commit is on its way to the trainers. */
  AFTER_PUBLISHING,
  /** A trainer holds the commit's values under the masks before it. */
  WHILE_APPLYING,
  /** Channels are about to leave the network, and only the coordinator knows. */
  BEFORE_CUT,
  /** A trainer holds its network before a cut and, beside it, the one after it. */
  WHILE_CUTTING,
  /** A trainer holds the network after a cut, and no other process knows. */
  AFTER_CUT,
  /** A trainer holds its state in the executor before a switch and, beside it, in the next one. */
  WHILE_SWITCHING,
  /** A checkpoint's files are on the disk, beside its place. */
  CHECKPOINT_FILLED,
  /** An older checkpoint of the same step is out of its place, the new one not yet in it. */
  CHECKPOINT_REPLACED,
  /** A checkpoint is in its place, older ones are still there. */
  CHECKPOINT_RENAMED,
  /** An older checkpoint has lost its name, its files are still there. */
  CHECKPOINT_RETIRED,
  /** A file's bytes are on the disk under another name than its own. */
  FILE_WRITTEN,
  /** The broker has a batch of events, and the run directory does not say so. */
  BATCH_PUBLISHED,
  /** The model is written, its masks are not. */
  MODEL_WRITTEN,
  /** The last event is sent, report and summary are not written. */
  RUN_CONCLUDED,
  /** The report is written, the summary is not. */
  REPORT_WRITTEN,
  /** A round's cohort is on disk, and no client is invited. */
  COHORT_CHOSEN,
  /** A client's result is where it counts, and the client does not know. */
  RESULT_ACCEPTED,
  /** It is decided whose results count, and nothing is learned. */
  ROUND_CLOSED,
  /** A round is in the checkpoint, and its results are still there. */
  ROUND_LEARNED,
  /** The run is finished, and its process still runs. */
  SUMMARY_WRITTEN;

  private static volatile Optional<Consumer<CrashPoint>> armed = Optional.empty();

  /** Does nothing unless a test armed the points. */
  public void pass() {
    armed.ifPresent(crash -> crash.accept(this));
  }

  /** Makes all points call {@code crash} in the passing thread. */
  public static void arm(Consumer<CrashPoint> crash) {
    armed = Optional.of(crash);
  }

  public static void disarm() {
    armed = Optional.empty();
  }
}
