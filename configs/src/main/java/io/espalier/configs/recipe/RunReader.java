package io.espalier.configs.recipe;

import static io.espalier.configs.recipe.text.Notation.DURATION;
import static io.espalier.configs.recipe.text.Notation.LONG;
import static io.espalier.configs.recipe.text.Notation.OPTIONAL_REAL;
import static io.espalier.configs.recipe.text.Notation.OPTIONAL_SPAN;
import static io.espalier.configs.recipe.text.Notation.REAL;
import static io.espalier.configs.recipe.text.Notation.SHARE;
import static io.espalier.configs.recipe.text.Notation.SPAN_OF_RUN;
import static io.espalier.configs.recipe.text.Notation.TEXT;
import static io.espalier.configs.recipe.text.Notation.WHOLE;

import io.espalier.configs.RunConfig;
import io.espalier.configs.prune.PruneConfig;
import io.espalier.configs.recipe.text.Section;
import io.espalier.configs.train.TrainConfig;

/** Reads the fixed blocks of a recipe; families reads what can be chosen by name. */
final class RunReader {
  private RunReader() {}

  static RunConfig run(Section root) {
    return new RunConfig(
        root.value("name", TEXT),
        root.value("seed", LONG),
        DataFamilies.DATA.read(root, "data"),
        ModelFamilies.MODEL.read(root, "model"),
        root.block("train", RunReader::train),
        root.block("prune", RunReader::prune),
        FederationFamilies.FEDERATION.read(root, "federation"));
  }

  private static TrainConfig train(Section train) {
    return new TrainConfig(
        train.value("epochs", WHOLE),
        train.value("trainers", WHOLE),
        train.value("sync-every", SPAN_OF_RUN),
        train.value("evaluate-every", OPTIONAL_SPAN),
        train.value("checkpoint-every", SPAN_OF_RUN),
        train.value("keep-checkpoints", WHOLE),
        train.value("max-restarts", WHOLE),
        train.value("progress-timeout", DURATION),
        TrainFamilies.WHEN_DISK_FULL.read(train, "when-disk-full"),
        TrainFamilies.OPTIMIZER.read(train, "optimizer"),
        TrainFamilies.LEARNING_RATE.read(train, "learning-rate"),
        train.value("label-smoothing", REAL),
        train.value("clip-norm", OPTIONAL_REAL));
  }

  private static PruneConfig prune(Section prune) {
    prune.unavailable("pattern");
    return new PruneConfig(
        prune.value("sparsity", SHARE),
        PruneFamilies.GRANULARITY.read(prune, "granularity"),
        PruneFamilies.SCORE.read(prune, "score"),
        PruneFamilies.ALLOCATION.read(prune, "allocation"),
        prune.value("min-keep", SHARE),
        prune.value("exclude", TEXT.list()),
        PruneFamilies.SCHEDULE.read(prune, "schedule"),
        PruneFamilies.MASK.read(prune, "mask"),
        PruneFamilies.REGROWTH.read(prune, "regrowth"));
  }
}
