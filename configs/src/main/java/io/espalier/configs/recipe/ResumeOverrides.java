package io.espalier.configs.recipe;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.LearningRateConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which settings of a run may change when a new run goes on from one of its checkpoints. */
public final class ResumeOverrides {
  /** The settings that may change: the checkpoint holds nothing that follows from them. */
  private static final List<String> FREE =
      List.of(
          "name",
          "tags",
          "train.epochs",
          "train.learning-rate",
          "train.optimizer",
          "train.objective",
          "train.rules",
          "train.label-smoothing",
          "train.clip-norm",
          "train.evaluate-every",
          "train.checkpoint-every",
          "train.keep-checkpoints",
          "train.keep-best",
          "train.keep-masks",
          "train.stop-early",
          "train.fold-norms",
          "train.norm-batches",
          "train.execution",
          "train.threads",
          "train.engine",
          "train.max-restarts",
          "train.progress-timeout",
          "train.when-disk-full");

  /** All other settings, with the reason why they stay; the first that fits counts. */
  private static final List<Fixed> FIXED =
      List.of(
          new Fixed("seed", "splits and the order of the examples follow from it"),
          new Fixed("data", "the checkpoint has learned from these examples and their split"),
          new Fixed("model", "the checkpoint holds the values of this network"),
          new Fixed("train.trainers", "each trainer has a shard of the examples"),
          new Fixed("train.samples", "the shares of a stream's plan follow from it"),
          new Fixed("train.accumulate", "the steps of an epoch follow from it"),
          new Fixed("train.average", "the checkpoint holds the average of its weights"),
          new Fixed("train.sync-every", "masks change at syncs, and the checkpoint follows them"),
          new Fixed("prune", "the checkpoint's masks follow the plan of their updates"),
          new Fixed("federation", "its rounds are not steps of a run"),
          new Fixed("", "the checkpoint follows from it"));

  private static final Pattern PERCENT = Pattern.compile("\\d+(\\.\\d+)?%");

  private ResumeOverrides() {}

  private record Fixed(String key, String reason) {}

  /**
   * Returns the settings that differ, as {@code key = value}, in the order of their keys.
   *
   * @throws InvalidConfigException naming every setting that must not differ
   */
  public static List<String> verified(ResolvedRecipe run, ResolvedRecipe corrected) {
    Map<String, ConfigValue> before = settings(run.text());
    Map<String, ConfigValue> after = settings(corrected.text());
    List<String> changes = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    TreeSet<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(after.keySet());
    for (String key : keys) {
      String was = shown(before, key);
      String is = shown(after, key);
      if (was.equals(is) || isBelow(key, "parent")) {
        continue;
      }
      if (FREE.stream().noneMatch(free -> isBelow(key, free))) {
        problems.add(problem(key, was, is));
      } else if (after.containsKey(key)) {
        changes.add(key + " = " + is);
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidConfigException(problems);
    }
    return changes;
  }

  /**
   * Overrides that spell the spans of {@code prune} in steps, so that its plan stays the same in a
   * run of another length.
   */
  public static List<String> pinned(ResolvedRecipe run, long totalSteps, long stepsPerEpoch) {
    return settings(run.text()).entrySet().stream()
        .filter(setting -> isBelow(setting.getKey(), "prune"))
        .flatMap(
            setting ->
                HoconText.scalar(setting.getValue())
                    .filter(text -> PERCENT.matcher(text).matches())
                    .map(
                        text ->
                            setting.getKey()
                                + "="
                                + Notation.SPAN_OF_RUN
                                    .parse(setting.getValue())
                                    .resolve(totalSteps, stepsPerEpoch))
                    .stream())
        .toList();
  }

  /** The overrides that record where a run comes from. */
  public static List<String> parent(String run, long step, List<String> changes) {
    String list =
        changes.stream().map(ConfigUtil::quoteString).collect(Collectors.joining(", ", "[", "]"));
    return List.of(
        "parent.run=" + ConfigUtil.quoteString(run),
        "parent.step=" + step,
        "parent.changes=" + list);
  }

  /** The largest rate of a schedule, and its key; empty for a schedule of a user's class. */
  public static Optional<Map.Entry<String, Double>> rate(ResolvedRecipe run) {
    if (run.config().train().step().learningRate() instanceof LearningRateConfig.Custom) {
      return Optional.empty();
    }
    Map<String, ConfigValue> settings = settings(run.text());
    return Stream.of("train.learning-rate.initial", "train.learning-rate.max")
        .flatMap(
            key ->
                Optional.ofNullable(settings.get(key))
                    .map(value -> Map.entry(key, Notation.REAL.parse(value)))
                    .stream())
        .findFirst();
  }

  private static Problem problem(String key, String was, String is) {
    String reason =
        FIXED.stream()
            .filter(fixed -> fixed.key().isEmpty() || isBelow(key, fixed.key()))
            .map(Fixed::reason)
            .findFirst()
            .orElseThrow();
    return new Problem(
        Optional.empty(),
        key,
        "must stay in a run that goes on from a checkpoint, as %s: run=%s, asked=%s; these may change: %s; start a new run for the others"
            .formatted(reason, was, is, String.join(", ", FREE)));
  }

  private static Map<String, ConfigValue> settings(String text) {
    Map<String, ConfigValue> settings = new TreeMap<>();
    ConfigObject root = HoconText.text("recipe.conf", text);
    root.toConfig().entrySet().forEach(entry -> settings.put(entry.getKey(), entry.getValue()));
    return settings;
  }

  private static String shown(Map<String, ConfigValue> settings, String key) {
    return Optional.ofNullable(settings.get(key)).map(HoconText::shown).orElse("none");
  }

  private static boolean isBelow(String key, String block) {
    return key.equals(block) || key.startsWith(block + ".");
  }
}
