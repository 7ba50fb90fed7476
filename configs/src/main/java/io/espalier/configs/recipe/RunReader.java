package io.espalier.configs.recipe;

import static io.espalier.configs.recipe.Notation.DURATION;
import static io.espalier.configs.recipe.Notation.LONG;
import static io.espalier.configs.recipe.Notation.OPTIONAL_SPAN;
import static io.espalier.configs.recipe.Notation.SHARE;
import static io.espalier.configs.recipe.Notation.SPAN_OF_RUN;
import static io.espalier.configs.recipe.Notation.TEXT;
import static io.espalier.configs.recipe.Notation.WHOLE;

import io.espalier.configs.RunConfig;
import io.espalier.configs.prune.PruneConfig;
import io.espalier.configs.train.TrainConfig;

/** Reads the fixed blocks of a recipe; {@link Families} reads what can be chosen by name. */
final class RunReader {
  private RunReader() {}

  static RunConfig run(Section root) {
    return new RunConfig(
        root.value("name", TEXT),
        root.value("seed", LONG),
        Families.DATA.read(root, "data"),
        Families.MODEL.read(root, "model"),
        root.block("train", RunReader::train),
        root.block("prune", RunReader::prune));
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
        Families.OPTIMIZER.read(train, "optimizer"),
        Families.LEARNING_RATE.read(train, "learning-rate"));
  }

  private static PruneConfig prune(Section prune) {
    prune.unavailable("pattern");
    return new PruneConfig(
        prune.value("sparsity", SHARE),
        Families.GRANULARITY.read(prune, "granularity"),
        Families.SCORE.read(prune, "score"),
        Families.ALLOCATION.read(prune, "allocation"),
        prune.value("min-keep", SHARE),
        prune.value("exclude", TEXT.list()),
        Families.SCHEDULE.read(prune, "schedule"),
        Families.MASK.read(prune, "mask"),
        Families.REGROWTH.read(prune, "regrowth"));
  }
}
