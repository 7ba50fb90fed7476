package io.espalier.configs;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a run trains.
 *
 * @param epochs passes over the training examples; 1 for a stream; 0 only prunes, refits and
 *     evaluates
 * @param samples examples of a stream to train on, all trainers together; empty for what is no
 *     stream
 * @param trainers replicas, each with a shard of the data
 * @param syncEvery steps between averages of the replicas
 * @param evaluateEvery time between evaluations on the validation split; empty means none
 * @param checkpointEvery time between checkpoints, taken at the first sync after it
 * @param keepCheckpoints checkpoints that are retained, newest first
 * @param maxRestarts restarts of failed trainers before the run fails
 * @param progressTimeout time without a finished step or received frame before a trainer counts as
 *     hung
 * @param whenDiskFull what happens when checkpoints or events cannot be written
 * @param labelSmoothing share of each label that is spread evenly over all classes
 * @param clipNorm largest norm that the masked gradient of all parameters together may have; empty
 *     means any
 * @param keep what stays beside the final network
 * @param stopEarly when the run ends before its last step; empty means never
 * @param norms how batch norms are computed
 * @param objective what training minimises; it reads {@code labelSmoothing}
 * @param rules what acts around each optimizer step, in this order
 * @param freeze globs over names of parameters that are not trained
 * @param execution what computes the steps
 * @param engine what the engine computes with
 */
public record TrainConfig(
    int epochs,
    Optional<Long> samples,
    int trainers,
    Span syncEvery,
    Optional<Span> evaluateEvery,
    Span checkpointEvery,
    int keepCheckpoints,
    int maxRestarts,
    Duration progressTimeout,
    WhenDiskFull whenDiskFull,
    OptimizerConfig optimizer,
    LearningRateConfig learningRate,
    double labelSmoothing,
    Optional<Double> clipNorm,
    KeepConfig keep,
    Optional<StopEarlyConfig> stopEarly,
    NormsConfig norms,
    MemberSettings objective,
    List<MemberSettings> rules,
    List<String> freeze,
    ExecutionConfig execution,
    EngineConfig engine) {
  public static final MemberSettings CROSS_ENTROPY = MemberSettings.of("cross-entropy");

  private static final Duration LEAST_PATIENCE = Duration.ofSeconds(5);

  public TrainConfig {
    rules = List.copyOf(rules);
    freeze = List.copyOf(freeze);
    new Rules()
        .require("epochs", epochs, epochs >= 0, "0 or more")
        .require(
            "samples",
            samples.map(String::valueOf).orElse("none"),
            samples.filter(count -> count < 1).isEmpty(),
            "1 or more")
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
        .require(
            "label-smoothing",
            labelSmoothing,
            labelSmoothing >= 0 && labelSmoothing < 1,
            "at least 0 and below 1")
        .require(
            "clip-norm",
            clipNorm.map(String::valueOf).orElse("none"),
            clipNorm.filter(norm -> !(norm > 0 && Double.isFinite(norm))).isEmpty(),
            "above 0, or none")
        .require(
            "rules",
            rules,
            rules.stream().allMatch(rule -> rule.paths().isEmpty()),
            "without files")
        .verify();
  }

  /** Trains to the last step, and keeps the final network only. */
  public TrainConfig(
      int epochs,
      Optional<Long> samples,
      int trainers,
      Span syncEvery,
      Optional<Span> evaluateEvery,
      Span checkpointEvery,
      int keepCheckpoints,
      int maxRestarts,
      Duration progressTimeout,
      WhenDiskFull whenDiskFull,
      OptimizerConfig optimizer,
      LearningRateConfig learningRate,
      double labelSmoothing,
      Optional<Double> clipNorm) {
    this(
        epochs,
        samples,
        trainers,
        syncEvery,
        evaluateEvery,
        checkpointEvery,
        keepCheckpoints,
        maxRestarts,
        progressTimeout,
        whenDiskFull,
        optimizer,
        learningRate,
        labelSmoothing,
        clipNorm,
        KeepConfig.FINAL,
        Optional.empty(),
        NormsConfig.STANDARD,
        CROSS_ENTROPY,
        List.of(),
        List.of(),
        ExecutionConfig.ENGINE,
        EngineConfig.STANDARD);
  }

  /** Time without progress after which a run is reported as stalled: a quarter of the timeout. */
  public Duration patience() {
    Duration quarter = progressTimeout.dividedBy(4);
    return quarter.compareTo(LEAST_PATIENCE) < 0 ? LEAST_PATIENCE : quarter;
  }

  public TrainConfig withClock(int newEpochs, Span newSyncEvery) {
    return with(newEpochs, Optional.empty(), newSyncEvery, labelSmoothing, objective);
  }

  /** The same with what another recipe minimises. */
  public TrainConfig withObjectiveOf(TrainConfig other) {
    return with(epochs, samples, syncEvery, other.labelSmoothing, other.objective);
  }

  private TrainConfig with(
      int newEpochs,
      Optional<Long> newSamples,
      Span newSyncEvery,
      double newLabelSmoothing,
      MemberSettings newObjective) {
    return new TrainConfig(
        newEpochs,
        newSamples,
        trainers,
        newSyncEvery,
        evaluateEvery,
        checkpointEvery,
        keepCheckpoints,
        maxRestarts,
        progressTimeout,
        whenDiskFull,
        optimizer,
        learningRate,
        newLabelSmoothing,
        clipNorm,
        keep,
        stopEarly,
        norms,
        newObjective,
        rules,
        freeze,
        execution,
        engine);
  }
}
