package io.espalier.configs.train;

import io.espalier.configs.Rules;
import io.espalier.configs.Span;
import java.time.Duration;
import java.util.Optional;

/**
 * How a run trains.
 *
 * @param trainers replicas, each with a shard of the data
 * @param syncEvery steps between averages of the replicas
 * @param evaluateEvery time between evaluations on the validation split; empty means none
 * @param checkpointEvery time between checkpoints, taken at the first sync after it
 * @param keepCheckpoints checkpoints that are retained, newest first
 * @param maxRestarts restarts of failed trainers before the run fails
 * @param progressTimeout time without a finished step or received frame before a trainer counts as
 *     hung
 */
public record TrainConfig(
    int epochs,
    int trainers,
    Span syncEvery,
    Optional<Span> evaluateEvery,
    Span checkpointEvery,
    int keepCheckpoints,
    int maxRestarts,
    Duration progressTimeout,
    OptimizerConfig optimizer,
    LearningRateConfig learningRate) {
  public TrainConfig {
    new Rules()
        .require("epochs", epochs, epochs >= 1, "1 or more")
        .require("trainers", trainers, trainers >= 1 && trainers <= 64, "from 1 to 64")
        .require("sync-every", syncEvery, !syncEvery.isZero(), "longer than 0")
        .require(
            "evaluate-every",
            evaluateEvery,
            evaluateEvery.filter(Span::isZero).isEmpty(),
            "longer than 0")
        .require("checkpoint-every", checkpointEvery, !checkpointEvery.isZero(), "longer than 0")
        .require("keep-checkpoints", keepCheckpoints, keepCheckpoints >= 1, "1 or more")
        .require("max-restarts", maxRestarts, maxRestarts >= 0, "0 or more")
        .require(
            "progress-timeout",
            progressTimeout,
            progressTimeout.compareTo(Duration.ofSeconds(1)) >= 0,
            "1 second or more")
        .verify();
  }
}
