package io.espalier.configs.plugin;

/** The families of choices whose members are {@link Plugin}s. */
public enum PluginKind {
  DATA("data source", "data"),
  NETWORK("network", "model"),
  INITIALIZER("initializer", "model.initial"),
  OPTIMIZER("optimizer", "train.optimizer"),
  LEARNING_RATE("learning rate", "train.learning-rate"),
  OBJECTIVE("objective", "train.objective"),
  RULE("step rule", "train.rules"),
  SCORE("score", "prune.score"),
  ALLOCATION("allocation", "prune.allocation"),
  SCHEDULE("schedule", "prune.schedule"),
  MASK("mask kind", "prune.mask"),
  REGROWTH("regrowth", "prune.regrowth"),
  REFIT("refit", "prune.refit"),
  UNITS("granularity", "prune.granularity"),
  SELECTION("selection", "prune.selection"),
  /** Recipes do not name observers: a score or rule names the statistics that these measure. */
  OBSERVER("statistic observer", "prune");

  private final String word;
  private final String path;

  PluginKind(String word, String path) {
    this.word = word;
    this.path = path;
  }

  /** The name of a plug-in in errors. */
  public String word() {
    return word;
  }

  /** The key at which a recipe chooses a plug-in. */
  public String path() {
    return path;
  }
}
