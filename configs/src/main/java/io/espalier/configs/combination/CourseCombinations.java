package io.espalier.configs.combination;

import static io.espalier.configs.combination.FederationCombinations.FEDERATION;
import static io.espalier.configs.combination.PruneCombinations.GRANULARITY;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.KafkaConfig;
import io.espalier.configs.LearningRateConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.RunConfig;
import io.espalier.configs.Span;
import io.espalier.configs.combination.Combination.Breach;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Lists what streams, early ends and several step rules require of a run. */
final class CourseCombinations {
  private static final String NONE = "none";
  private static final String DATA = "data";
  static final String OBJECTIVE = "train.objective";
  private static final String SAMPLES = "train.samples";
  private static final String VALIDATION = "data.validation";
  private static final String EVALUATE_EVERY = "train.evaluate-every";
  private static final String BY_VALIDATION =
      "networks are compared by their accuracy, or bits per character, on a validation split, which"
          + " streams and federations do not have";
  private static final String VALIDATE =
      "set data.validation, such as 5%, and train.evaluate-every, such as 1 epoch";

  /** Known once rules are made, which their settings may decide. */
  static final Combination PASSES =
      Combination.titled("One step rule of a run takes several passes")
          .of("train.rules")
          .because("each begins with the weights that another moved")
          .instead("leave one of them");

  /** Known once steps are counted. */
  static final Combination DATA_BEFORE =
      Combination.titled("A stream has examples before a score, allocation or refit looks at them")
          .of("prune.schedule", "prune.score", "prune.allocation", "prune.refit", DATA)
          .because("a stream has no examples before its first ones have arrived")
          .instead(
              "let the schedule begin later, or name a score and an allocation that look at no data and no"
                  + " such refit");

  private CourseCombinations() {}

  static List<Combination> all() {
    return List.of(
        Combination.titled("Only streams count samples")
            .of(SAMPLES, DATA)
            .because("other data are passed over whole")
            .instead("epochs says how long to train")
            .require(
                choices -> streams(choices) || choices.run().train().clock().samples().isEmpty(),
                CourseCombinations::samples,
                choices -> "left away where the data are no stream"),
        Combination.titled("A stream trains one step at least")
            .of(SAMPLES, "data.batch-size", "train.trainers")
            .because("each trainer takes a batch of its own in every step")
            .instead("take more samples, smaller batches or fewer trainers")
            .require(
                choices ->
                    !streams(choices)
                        || choices.run().train().clock().samples().orElse(0L) >= together(choices),
                CourseCombinations::samples,
                choices ->
                    "enough for one step: batch-size × trainers = %d or more"
                        .formatted(together(choices))),
        Combination.titled("A stream has no federation")
            .of(FEDERATION, DATA)
            .because("clients of a federation have data of their own")
            .instead("leave federation away")
            .require(
                choices -> !streams(choices) || !choices.federated(),
                choices -> "a federation",
                choices -> "none for a stream"),
        Combination.titled("Spans of a stream are steps or shares")
            .of(DATA)
            .because("a stream has no epochs")
            .instead("count in steps or in %")
            .checking(CourseCombinations::epochs),
        Combination.titled("The best network is kept where a run validates")
            .of("train.keep-best", VALIDATION, EVALUATE_EVERY, DATA, FEDERATION)
            .because(BY_VALIDATION)
            .instead(VALIDATE)
            .require(
                choices -> !choices.run().train().keep().best() || validates(choices),
                choices -> true,
                choices -> "false unless the run evaluates on a validation split"),
        Combination.titled("Weights are averaged over the steps of a run")
            .of("train.average", FEDERATION)
            .because("each client begins each round at the server's weights")
            .instead("leave train.average away, or train without a federation")
            .require(
                choices -> !choices.federated() || choices.run().train().step().average().isEmpty(),
                choices -> "ema",
                choices -> NONE + " in a federation"),
        Combination.titled("Blocks are trained one by one where their inputs and outputs stay")
            .of(OBJECTIVE, GRANULARITY)
            .because("what a block gives is compared with the same block of the network before")
            .instead("prune weights or heads, or name another objective")
            .require(
                choices -> !choices.trainsBlocks() || !cutsResidual(choices),
                choices -> choices.run().train().loss().objective(),
                choices -> "another with prune.granularity = " + choices.granularity()),
        Combination.titled("A run ends early where it validates")
            .of("train.stop-early", VALIDATION, EVALUATE_EVERY, DATA, FEDERATION)
            .because(BY_VALIDATION)
            .instead(VALIDATE)
            .require(
                choices ->
                    choices.run().train().clock().stopEarly().isEmpty() || validates(choices),
                choices ->
                    choices.run().train().clock().stopEarly().map(String::valueOf).orElse(NONE),
                choices -> "none unless the run evaluates on a validation split"),
        PASSES,
        DATA_BEFORE);
  }

  private static boolean cutsResidual(Choices choices) {
    return choices.prune().granularity() instanceof GranularityConfig.Channel channel
        && channel.scope() != GranularityConfig.Channel.Scope.HEADS;
  }

  private static boolean streams(Choices choices) {
    return choices.run().data().source() instanceof KafkaConfig;
  }

  private static Object samples(Choices choices) {
    return choices.run().train().clock().samples().map(String::valueOf).orElse(NONE);
  }

  private static long together(Choices choices) {
    RunConfig run = choices.run();
    return (long) run.stepExamples() * run.train().trainers();
  }

  /** The held-out window of a stream moves, so its evaluations do not compare. */
  private static boolean validates(Choices choices) {
    return !choices.federated()
        && !streams(choices)
        && choices.run().data().validation() > 0
        && choices.run().train().clock().evaluateEvery().isPresent();
  }

  private static Stream<Breach> epochs(Choices choices) {
    return streams(choices)
        ? spans(choices.run()).entrySet().stream()
            .filter(span -> span.getValue() instanceof Span.Epochs)
            .map(
                span ->
                    new Breach(
                        span.getKey(), span.getValue(), "steps or a share of the run such as 10%"))
        : Stream.empty();
  }

  private static Map<String, Span> spans(RunConfig run) {
    Map<String, Span> spans = new LinkedHashMap<>();
    spans.put("train.sync-every", run.train().clock().syncEvery());
    run.train().clock().evaluateEvery().ifPresent(span -> spans.put(EVALUATE_EVERY, span));
    spans.put("train.checkpoint-every", run.train().clock().checkpointEvery());
    spans.put("train.learning-rate.warm-up", run.train().step().learningRate().warmUp());
    if (run.train().step().learningRate() instanceof LearningRateConfig.Step step) {
      spans.put("train.learning-rate.every", step.every());
    }
    addSpans(spans, "prune.schedule", run.prune().schedule());
    addSpans(spans, "prune.mask", run.prune().mask().member());
    addSpans(spans, "prune.regrowth", run.prune().regrowth());
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
              if (value instanceof Optional<?> some && some.orElse(null) instanceof Span span) {
                spans.put(path + "." + key, span);
              }
            });
  }
}
