package io.espalier.configs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What holds for a run on a stream alone: its clock is in samples, and there are no epochs. */
final class StreamRules {
  private StreamRules() {}

  /** The rules that these parts of a run break together; none if its data are no stream. */
  public static Rules of(DataConfig data, TrainConfig train, PruneConfig prune, boolean federated) {
    Rules rules = new Rules();
    if (!(data.source() instanceof DataConfig.Kafka)) {
      return rules.require(
          "train.samples",
          train.samples().map(String::valueOf).orElse("none"),
          train.samples().isEmpty(),
          "left away where the data are no stream");
    }
    long together = (long) data.batchSize() * train.trainers();
    rules
        .require(
            "train.samples",
            train.samples().map(String::valueOf).orElse("none"),
            train.samples().orElse(0L) >= together,
            "enough for one step: batch-size × trainers = " + together + " or more")
        .require(
            "federation",
            "a federation",
            !federated,
            "none for a stream: clients of a federation have data of their own");
    spans(train, prune)
        .forEach(
            (path, span) ->
                rules.require(
                    path,
                    span,
                    !(span instanceof Span.Epochs),
                    "steps or a share of the run such as 10%: a stream has no epochs"));
    return rules;
  }

  private static Map<String, Span> spans(TrainConfig train, PruneConfig prune) {
    Map<String, Span> spans = new LinkedHashMap<>();
    spans.put("train.sync-every", train.syncEvery());
    train.evaluateEvery().ifPresent(span -> spans.put("train.evaluate-every", span));
    spans.put("train.checkpoint-every", train.checkpointEvery());
    spans.put("train.learning-rate.warm-up", train.learningRate().warmUp());
    if (train.learningRate() instanceof LearningRateConfig.Step step) {
      spans.put("train.learning-rate.every", step.every());
    }
    if (prune.schedule() instanceof ScheduleConfig.OneShot once) {
      spans.put("prune.schedule.begin", once.begin());
    }
    window(prune.schedule())
        .ifPresent(
            window -> {
              spans.put("prune.schedule.begin", window.begin());
              spans.put("prune.schedule.end", window.end());
            });
    if (prune.mask() instanceof MaskConfig.Annealed annealed) {
      spans.put("prune.mask.over", annealed.over());
    }
    exchange(prune.regrowth())
        .ifPresent(
            exchange -> {
              spans.put("prune.regrowth.every", exchange.every());
              spans.put("prune.regrowth.end", exchange.end());
            });
    return spans;
  }

  private static Optional<ScheduleConfig.Window> window(ScheduleConfig schedule) {
    if (schedule instanceof ScheduleConfig.Cubic cubic) {
      return Optional.of(cubic.window());
    } else if (schedule instanceof ScheduleConfig.Polynomial polynomial) {
      return Optional.of(polynomial.window());
    } else if (schedule instanceof ScheduleConfig.Cosine cosine) {
      return Optional.of(cosine.window());
    } else if (schedule instanceof ScheduleConfig.Geometric geometric) {
      return Optional.of(geometric.window());
    }
    return Optional.empty();
  }

  private static Optional<RegrowthConfig.Exchange> exchange(RegrowthConfig regrowth) {
    if (regrowth instanceof RegrowthConfig.SparseEvolution set) {
      return Optional.of(set.exchange());
    } else if (regrowth instanceof RegrowthConfig.RigL rigl) {
      return Optional.of(rigl.exchange());
    }
    return Optional.empty();
  }
}
