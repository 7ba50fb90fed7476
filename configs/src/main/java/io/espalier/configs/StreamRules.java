package io.espalier.configs;

import java.util.LinkedHashMap;
import java.util.Map;

/** Rules of stream runs: the clock is in samples, and there are no epochs. */
final class StreamRules {
  private StreamRules() {}

  /** The rules that these parts break together; none if the data is no stream. */
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
    addSpans(spans, "prune.schedule", prune.schedule());
    addSpans(spans, "prune.mask", prune.mask().member());
    addSpans(spans, "prune.regrowth", prune.regrowth());
    return spans;
  }

  private static void addSpans(Map<String, Span> spans, String path, MemberSettings member) {
    member
        .values()
        .forEach(
            (key, value) -> {
              if (value instanceof Span span) {
                spans.put(path + "." + key, span);
              }
            });
  }
}
