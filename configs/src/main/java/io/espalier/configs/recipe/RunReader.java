package io.espalier.configs.recipe;

import static io.espalier.configs.recipe.Notation.AUTO_OR_WHOLE;
import static io.espalier.configs.recipe.Notation.DURATION;
import static io.espalier.configs.recipe.Notation.FLAG;
import static io.espalier.configs.recipe.Notation.LONG;
import static io.espalier.configs.recipe.Notation.OPTIONAL_REAL;
import static io.espalier.configs.recipe.Notation.OPTIONAL_SPAN;
import static io.espalier.configs.recipe.Notation.REAL;
import static io.espalier.configs.recipe.Notation.SHARE;
import static io.espalier.configs.recipe.Notation.SPAN_OF_RUN;
import static io.espalier.configs.recipe.Notation.TEXT;
import static io.espalier.configs.recipe.Notation.WHOLE;

import io.espalier.configs.ClockConfig;
import io.espalier.configs.ComputeConfig;
import io.espalier.configs.DataConfig;
import io.espalier.configs.EngineConfig;
import io.espalier.configs.ExecutionConfig;
import io.espalier.configs.GranularityConfig;
import io.espalier.configs.KafkaConfig;
import io.espalier.configs.KeepConfig;
import io.espalier.configs.LossConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.NormsConfig;
import io.espalier.configs.ParentConfig;
import io.espalier.configs.PruneConfig;
import io.espalier.configs.RankingConfig;
import io.espalier.configs.RecoveryConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.Span;
import io.espalier.configs.StepConfig;
import io.espalier.configs.StopEarlyConfig;
import io.espalier.configs.TargetConfig;
import io.espalier.configs.TrainConfig;
import io.espalier.configs.plugin.FixedSparsity;
import io.espalier.configs.plugin.PluginKind;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Reads the fixed blocks of a recipe. */
final class RunReader {
  /** Default interval of a stream's evaluations and checkpoints. */
  private static final Span OF_A_STREAM = new Span.Percent(5);

  private static final String KEEP_MASKS = "keep-masks";
  static final String FOLD_NORMS = "fold-norms";
  private static final String AVERAGE = "average";
  private static final String STOP_EARLY = "stop-early";
  private static final String OBJECTIVE = "objective";
  private static final String EXECUTION = "execution";
  private static final String THREADS = "threads";
  private static final String ENGINE = "engine";

  /** The order of the keys in a resolved recipe, whose digest decides whether a checkpoint fits. */
  private static final List<String> TRAIN_ORDER =
      List.of(
          "epochs",
          "samples",
          "trainers",
          "sync-every",
          "evaluate-every",
          "checkpoint-every",
          "keep-checkpoints",
          "max-restarts",
          "progress-timeout",
          "when-disk-full",
          "optimizer",
          "learning-rate",
          "label-smoothing",
          "clip-norm",
          "keep-best",
          KEEP_MASKS,
          STOP_EARLY,
          FOLD_NORMS,
          "norm-batches",
          OBJECTIVE,
          "rules",
          "accumulate",
          AVERAGE,
          "freeze",
          EXECUTION,
          THREADS,
          ENGINE);

  /** Likewise. */
  private static final List<String> PRUNE_ORDER =
      List.of(
          "granularity",
          "sparsity",
          "score",
          "allocation",
          "selection",
          "min-keep",
          "exclude",
          "schedule",
          "mask",
          "regrowth",
          "refit",
          "tolerance");

  private RunReader() {}

  static RunConfig run(Section root) {
    String name = root.value("name", TEXT);
    List<String> tags = root.optional("tags", TEXT.list()).orElse(List.of());
    long seed = root.value("seed", LONG);
    DataConfig data = DataFamilies.DATA.read(root, "data");
    boolean streams = data.source() instanceof KafkaConfig;
    return new RunConfig(
        name,
        tags,
        seed,
        data,
        ModelFamilies.MODEL.read(root, "model"),
        root.block("train", train -> train(train, streams)),
        root.block("prune", RunReader::prune),
        FederationFamilies.FEDERATION.read(root, "federation"),
        root.at("parent").map(given -> root.block("parent", RunReader::parent)));
  }

  /** Absent from runs without one, whose checkpoints fit the digest of their recipe. */
  private static ParentConfig parent(Section parent) {
    String meaning = "train --resume writes it for a run that goes on from another";
    return new ParentConfig(
        parent.required("run", TEXT, meaning, "unknown"),
        parent.required("step", LONG, meaning, 0L),
        parent.optional("changes", TEXT.list()).orElse(List.of()));
  }

  private static TrainConfig train(Section train, boolean streams) {
    TrainConfig config =
        new TrainConfig(
            train.value("trainers", WHOLE),
            train.part(section -> clock(section, streams)),
            train.part(RunReader::recovery),
            train.part(RunReader::step),
            train.part(RunReader::loss),
            keep(train),
            train.part(RunReader::compute));
    train.arrange(TRAIN_ORDER);
    return config;
  }

  private static ClockConfig clock(Section train, boolean streams) {
    return new ClockConfig(
        streams ? onePass(train) : train.value("epochs", WHOLE),
        streams ? Optional.of(samples(train)) : train.optional("samples", LONG),
        train.value("sync-every", SPAN_OF_RUN),
        streams
            ? train.value("evaluate-every", OPTIONAL_SPAN, Optional.of(OF_A_STREAM))
            : train.value("evaluate-every", OPTIONAL_SPAN),
        streams
            ? train.value("checkpoint-every", SPAN_OF_RUN, OF_A_STREAM)
            : train.value("checkpoint-every", SPAN_OF_RUN),
        stopEarly(train));
  }

  private static RecoveryConfig recovery(Section train) {
    return new RecoveryConfig(
        train.value("keep-checkpoints", WHOLE),
        train.value("max-restarts", WHOLE),
        train.value("progress-timeout", DURATION),
        TrainFamilies.WHEN_DISK_FULL.read(train, "when-disk-full"));
  }

  private static StepConfig step(Section train) {
    return new StepConfig(
        TrainFamilies.OPTIMIZER.read(train, "optimizer"),
        TrainFamilies.LEARNING_RATE.read(train, "learning-rate"),
        train.value("clip-norm", OPTIONAL_REAL),
        train.given("accumulate", WHOLE),
        train.at(AVERAGE).isPresent()
            ? TrainFamilies.AVERAGE.read(train, AVERAGE)
            : Optional.empty(),
        TrainFamilies.rules(train, "rules"),
        train.given("freeze", TEXT.list()));
  }

  private static LossConfig loss(Section train) {
    return new LossConfig(
        train.at(OBJECTIVE).isPresent()
            ? TrainFamilies.OBJECTIVE.read(train, OBJECTIVE)
            : LossConfig.CROSS_ENTROPY,
        train.value("label-smoothing", REAL));
  }

  private static KeepConfig keep(Section train) {
    return new KeepConfig(
        train.given("keep-best", FLAG),
        train.at(KEEP_MASKS).isPresent()
            ? TrainFamilies.KEEP_MASKS.read(train, KEEP_MASKS)
            : KeepConfig.Masks.LAST);
  }

  private static ComputeConfig compute(Section train) {
    return new ComputeConfig(
        train.at(EXECUTION).isPresent()
            ? TrainFamilies.EXECUTION.read(train, EXECUTION)
            : ExecutionConfig.ENGINE,
        train.at(THREADS).isPresent() ? train.value(THREADS, AUTO_OR_WHOLE) : Optional.empty(),
        train.at(ENGINE).isPresent()
            ? train.block(ENGINE, RunReader::engine)
            : EngineConfig.STANDARD,
        new NormsConfig(train.value(FOLD_NORMS, FLAG), train.given("norm-batches", WHOLE)));
  }

  private static EngineConfig engine(Section engine) {
    return new EngineConfig(
        TrainFamilies.CAPABILITY.read(engine, "capability"),
        TrainFamilies.CAPABILITY_MISMATCH.read(engine, "capability-mismatch"));
  }

  /**
   * Recorded only where the recipe has it, as are objective, rules, execution, threads, engine and
   * the keys that keep more.
   */
  private static Optional<StopEarlyConfig> stopEarly(Section train) {
    return train.at(STOP_EARLY).isPresent()
        ? TrainFamilies.STOP_EARLY.read(train, STOP_EARLY)
        : Optional.empty();
  }

  private static long samples(Section train) {
    return train.required("samples", LONG, "how many examples of the stream to train on", 1L << 40);
  }

  private static int onePass(Section train) {
    if (train.at("epochs").isPresent()) {
      train.note(
          "epochs",
          "epochs must be left away for a stream, which has no end: %s; samples says how long to train"
              .formatted(train.shown("epochs")));
    }
    return 1;
  }

  private static PruneConfig prune(Section prune) {
    prune.unavailable("pattern");
    Optional<String> scoring =
        PruneFamilies.SCORE
            .given(prune, "score")
            .or(
                () ->
                    PruneFamilies.MASK
                        .given(prune, "mask")
                        .flatMap(kind -> needed(prune, PluginKind.MASK, kind, PluginKind.SCORE)));
    GranularityConfig granularity =
        PruneFamilies.GRANULARITY.read(
            prune, "granularity", scoring.flatMap(name -> needed(prune, name, PluginKind.UNITS)));
    MemberSettings score = PruneFamilies.SCORE.read(prune, "score", scoring);
    PruneConfig config =
        new PruneConfig(
            prune.part(section -> target(section, granularity)),
            granularity,
            new RankingConfig(
                score,
                PruneFamilies.ALLOCATION.read(
                    prune, "allocation", needed(prune, score.name(), PluginKind.ALLOCATION)),
                PruneFamilies.SELECTION.read(
                    prune, "selection", needed(prune, score.name(), PluginKind.SELECTION))),
            PruneFamilies.SCHEDULE.read(
                prune, "schedule", needed(prune, score.name(), PluginKind.SCHEDULE)),
            PruneFamilies.MASK.read(prune, "mask", needed(prune, score.name(), PluginKind.MASK)),
            PruneFamilies.REGROWTH.read(
                prune, "regrowth", needed(prune, score.name(), PluginKind.REGROWTH)),
            PruneFamilies.REFIT.read(
                prune, "refit", needed(prune, score.name(), PluginKind.REFIT)));
    prune.arrange(PRUNE_ORDER);
    return config;
  }

  private static TargetConfig target(Section prune, GranularityConfig granularity) {
    return new TargetConfig(
        sparsity(prune, granularity),
        prune.given("tolerance", SHARE),
        prune.value("min-keep", SHARE),
        prune.value("exclude", TEXT.list()));
  }

  /** Units with a fixed sparsity bring it. */
  private static double sparsity(Section prune, GranularityConfig granularity) {
    OptionalDouble fixed =
        granularity instanceof GranularityConfig.Units units
            ? fixed(prune, units.settings())
            : OptionalDouble.empty();
    if (fixed.isEmpty()) {
      return prune.value("sparsity", SHARE);
    }
    double sparsity = prune.value("sparsity", SHARE, fixed.getAsDouble());
    return Math.abs(sparsity - fixed.getAsDouble()) > 1e-9 ? sparsity : fixed.getAsDouble();
  }

  private static OptionalDouble fixed(Section prune, MemberSettings settings) {
    return prune.plugins().named(PluginKind.UNITS, settings.name()).stream()
        .filter(FixedSparsity.class::isInstance)
        .mapToDouble(member -> ((FixedSparsity) member).sparsity(settings))
        .findFirst();
  }

  private static Optional<String> needed(Section prune, String score, PluginKind family) {
    return needed(prune, PluginKind.SCORE, score, family);
  }

  /** The member of a family that another one needs, which it brings where the recipe names none. */
  private static Optional<String> needed(
      Section prune, PluginKind of, String name, PluginKind family) {
    return prune.plugins().named(of, name).stream()
        .flatMap(member -> Optional.ofNullable(member.needs().get(family)).stream())
        .findFirst();
  }
}
