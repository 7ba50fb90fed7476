package io.espalier.configs;

import java.util.Optional;

/**
 * How long a run trains, and how often its replicas meet.
 *
 * @param epochs passes over the training examples; 1 for a stream; 0 only prunes, refits and
 *     evaluates
 * @param samples examples of a stream to train on, all trainers together; empty for what is no
 *     stream
 * @param syncEvery steps between averages of the replicas
 * @param evaluateEvery time between evaluations on the validation split; empty means none
 * @param checkpointEvery time between checkpoints, taken at the first sync after it
 * @param stopEarly when the run ends before its last step; empty means never
 */
public record ClockConfig(
    int epochs,
    Optional<Long> samples,
    Span syncEvery,
    Optional<Span> evaluateEvery,
    Span checkpointEvery,
    Optional<StopEarlyConfig> stopEarly) {
  public ClockConfig {
    new Rules()
        .require("epochs", epochs, epochs >= 0, "0 or more")
        .require(
            "samples",
            samples.map(String::valueOf).orElse("none"),
            samples.filter(count -> count < 1).isEmpty(),
            "1 or more")
        .require("sync-every", syncEvery, !syncEvery.isZero(), "longer than 0")
        .require(
            "evaluate-every",
            evaluateEvery,
            evaluateEvery.filter(Span::isZero).isEmpty(),
            "longer than 0")
        .require("checkpoint-every", checkpointEvery, !checkpointEvery.isZero(), "longer than 0")
        .verify();
  }

  /** This clock over other epochs and syncs, for data that is no stream. */
  public ClockConfig with(int newEpochs, Span newSyncEvery) {
    return new ClockConfig(
        newEpochs, Optional.empty(), newSyncEvery, evaluateEvery, checkpointEvery, stopEarly);
  }
}
