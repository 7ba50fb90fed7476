package io.espalier.bench.cost;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A whole run of a recipe that is timed against one of the engine, each in one thread.
 *
 * @param what the run is, in a figure
 * @param base what the run of the engine is, in a figure
 * @param settings of both runs
 * @param own settings of the run
 * @param bases settings of the engine's run
 * @param bound the largest share of the engine's time
 */
record TimedRun(
    String network,
    String recipe,
    String what,
    String base,
    List<String> settings,
    List<String> own,
    List<String> bases,
    double bound) {
  private static final List<String> BLOCKS =
      List.of(
          "prune.granularity=\"block 16x1\"",
          "prune.allocation=uniform",
          "prune.exclude=[\"stem.*\",\"output.*\"]");

  /** Parts of the recipes, such that a dense run takes about a minute. */
  private static final List<String> SHORT_IMAGES =
      List.of(
          "train.trainers=1", "train.epochs=4", "train.evaluate-every=none", "data.validation=85%");

  private static final List<String> SHORT_TEXT =
      List.of("train.epochs=2", "train.evaluate-every=none");

  /** The runs of a network; empty where it has none. */
  static List<TimedRun> of(String network) {
    return all().stream().filter(each -> each.network().equals(network)).toList();
  }

  static boolean isOf(String network) {
    return !of(network).isEmpty();
  }

  private static List<TimedRun> all() {
    return List.of(
        auto("lenet-300-100", "gradual", "95%", "", List.of(), List.of(), 0.55),
        java("set", 0.45),
        java("random", 0.45),
        auto("resnet-20", "resnet-20", "90%", " of blocks 16x1", SHORT_IMAGES, BLOCKS, 0.65),
        auto("char-lm", "char-lm", "90%", "", SHORT_TEXT, List.of(), 0.7));
  }

  private static TimedRun auto(
      String network,
      String recipe,
      String sparsity,
      String unit,
      List<String> settings,
      List<String> pruning,
      double bound) {
    List<String> own = new ArrayList<>(pruning);
    own.addAll(List.of("train.execution=auto", "prune.sparsity=" + sparsity));
    return new TimedRun(
        network,
        recipe,
        "run of %s to %s%s, auto".formatted(recipe, sparsity, unit),
        "dense on the engine",
        settings,
        own,
        List.of("train.execution=engine", "prune.sparsity=0%"),
        bound);
  }

  /** Sparse from the first step on, against the engine's run with the same masks. */
  private static TimedRun java(String recipe, double bound) {
    return new TimedRun(
        "lenet-300-100",
        recipe,
        "run of %s to 95%%, java".formatted(recipe),
        "engine",
        List.of("prune.sparsity=95%"),
        List.of("train.execution=java"),
        List.of("train.execution=engine"),
        bound);
  }

  String figure() {
    return what + " / " + base;
  }

  List<String> measured() {
    return with(own);
  }

  List<String> engine() {
    return with(bases);
  }

  private List<String> with(List<String> further) {
    return Stream.of(List.of("train.threads=1"), settings, further).flatMap(List::stream).toList();
  }
}
