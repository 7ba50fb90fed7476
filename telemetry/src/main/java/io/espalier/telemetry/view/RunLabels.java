package io.espalier.telemetry.view;

import static java.util.stream.Collectors.toCollection;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Names of runs by the settings in which they differ, such as {@code 95 % · soft · seed 43}. Page
 * and report have the same names; they make them with {@code compare/labels.js}, whose rules these
 * are.
 */
public final class RunLabels {
  private static final String BETWEEN = " · ";
  private static final int MOST_PARTS = 4;
  private static final String SEED = "seed";
  private static final String SPARSITY = "prune.sparsity";
  private static final List<String> ORDER =
      List.of(
          SPARSITY,
          "prune.mask",
          "prune.score",
          "prune.granularity",
          "prune.schedule",
          "prune.allocation",
          "prune.selection",
          "prune.regrowth",
          "prune.refit",
          "prune",
          "model",
          "data",
          "federation",
          "train.objective",
          "train.epochs",
          "train.learning-rate",
          "train.optimizer",
          "train.trainers",
          "train",
          "",
          SEED,
          "train.checkpoint-every",
          "train.keep-checkpoints",
          "train.max-restarts",
          "train.progress-timeout",
          "train.when-disk-full");
  private static final Set<String> NONE = Set.of("none", "off", "false", "[]");
  private static final Pattern SHARE = Pattern.compile("(?:^|.*[.-])(?:sparsity|density)");
  private static final Pattern NUMERIC = Pattern.compile("[-+.\\d\\[{\"].*", Pattern.DOTALL);
  private static final Pattern IDENTITY =
      Pattern.compile("(.+)-(\\d{4})(\\d\\d)(\\d\\d)-(\\d\\d)(\\d\\d)(\\d\\d)-[a-z2-7]{6}");
  private static final Comparator<String> BY_RANK =
      Comparator.comparingInt(RunLabels::rank)
          .thenComparingInt(key -> key.split("\\.", -1).length)
          .thenComparing(Comparator.naturalOrder());

  private final List<SortedMap<String, String>> all;
  private final List<Boolean> known;

  private RunLabels(List<RunOverview> runs) {
    all = runs.stream().map(run -> choices(run.settings())).toList();
    known = runs.stream().map(run -> !run.settings().isEmpty()).toList();
  }

  /** Names of runs, each different from the others, in their order. */
  public static List<String> of(List<RunOverview> runs) {
    return new RunLabels(runs).labels(runs);
  }

  /**
   * The settings in which runs differ, in the order of names; runs without settings do not count.
   */
  public static List<String> differing(List<RunOverview> runs) {
    return varying(
        runs.stream()
            .filter(run -> !run.settings().isEmpty())
            .map(run -> choices(run.settings()))
            .toList());
  }

  /** Settings in which a choice has one key, whether it is a word or a block with a kind. */
  public static SortedMap<String, String> choices(Map<String, String> settings) {
    SortedMap<String, String> choices = new TreeMap<>();
    settings.forEach((key, value) -> choices.put(key.replaceAll("\\.kind$", ""), value));
    return choices;
  }

  private List<String> labels(List<RunOverview> runs) {
    List<String> names = runs.stream().map(RunLabels::nameOf).toList();
    Map<String, List<SortedMap<String, String>>> groups = groups(names);
    Map<String, List<String>> telling = new HashMap<>();
    Map<String, Map<String, String>> usual = new HashMap<>();
    groups.forEach(
        (name, group) -> {
          List<String> keys = telling(group);
          telling.put(name, keys);
          usual.put(name, usualValues(group, keys));
        });
    List<List<String>> keys = keys(names, groups, telling);
    Set<String> shared =
        sharedValues(keys.stream().flatMap(List::stream).collect(Collectors.toSet()));
    boolean named = new HashSet<>(names).size() > 1;
    List<String> made = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      List<String> parts = new ArrayList<>();
      Map<String, String> left = usual.getOrDefault(names.get(i), Map.of());
      for (String key : keys.get(i)) {
        Optional.ofNullable(all.get(i).get(key))
            .filter(value -> !value.equals(left.get(key)))
            .ifPresent(value -> parts.add(part(key, value, shared)));
      }
      if (named || parts.isEmpty()) {
        parts.add(0, names.get(i));
      }
      made.add(String.join(BETWEEN, parts));
    }
    return distinct(made, runs);
  }

  /** Settings by the name of their recipe; runs without settings are left out. */
  private Map<String, List<SortedMap<String, String>>> groups(List<String> names) {
    Map<String, List<SortedMap<String, String>>> groups = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      if (known.get(i)) {
        groups.computeIfAbsent(names.get(i), name -> new ArrayList<>()).add(all.get(i));
      }
    }
    return groups;
  }

  /** The keys that name each run: those of its recipe, and the sparsity where any differ in it. */
  private static List<List<String>> keys(
      List<String> names,
      Map<String, List<SortedMap<String, String>>> groups,
      Map<String, List<String>> telling) {
    boolean sparser = varied(groups.values().stream().flatMap(List::stream).toList(), SPARSITY);
    return names.stream()
        .map(
            name ->
                Stream.concat(
                        sparser ? Stream.of(SPARSITY) : Stream.empty(),
                        telling.getOrDefault(name, List.of()).stream())
                    .distinct()
                    .toList())
        .toList();
  }

  /**
   * The values of more than half of the runs, which long names leave out. Sparsity and seed are in
   * names always.
   */
  private static Map<String, String> usualValues(
      List<SortedMap<String, String>> group, List<String> keys) {
    Map<String, String> usual = new HashMap<>();
    if (keys.size() < MOST_PARTS) {
      return usual;
    }
    for (String key : keys) {
      if (!key.equals(SPARSITY)
          && !key.equals(SEED)
          && group.stream().allMatch(each -> each.containsKey(key))) {
        group.stream()
            .collect(Collectors.groupingBy(each -> each.get(key), Collectors.counting()))
            .forEach(
                (value, many) -> {
                  if (2 * many > group.size()) {
                    usual.put(key, value);
                  }
                });
      }
    }
    return usual;
  }

  /**
   * Runs that no setting tells apart have their id in words, or else their id, as the last part.
   */
  private static List<String> distinct(List<String> labels, List<RunOverview> runs) {
    List<String> inWords = withIds(labels, labels, runs, RunLabels::inWords);
    return withIds(inWords, labels, runs, id -> id);
  }

  private static List<String> withIds(
      List<String> labels, List<String> bare, List<RunOverview> runs, UnaryOperator<String> text) {
    Set<String> twice = repeated(labels);
    return IntStream.range(0, labels.size())
        .mapToObj(
            i ->
                twice.contains(labels.get(i))
                    ? bare.get(i) + BETWEEN + text.apply(runs.get(i).run())
                    : labels.get(i))
        .toList();
  }

  private static String nameOf(RunOverview run) {
    return run.name().isEmpty() ? inWords(run.run()) : run.name();
  }

  /** The name of the run's directory and when the run began; another id as it is. */
  private static String inWords(String id) {
    Matcher parts = IDENTITY.matcher(id);
    return parts.matches() ? parts.replaceAll("$1 · $2-$3-$4 $5:$6:$7") : id;
  }

  private static boolean isBelow(String key, String block) {
    return key.equals(block) || block.isEmpty() || key.startsWith(block + ".");
  }

  private static int rank(String key) {
    int best = -1;
    for (int i = 0; i < ORDER.size(); i++) {
      boolean closer = best < 0 || ORDER.get(i).length() > ORDER.get(best).length();
      best = isBelow(key, ORDER.get(i)) && closer ? i : best;
    }
    return best;
  }

  /** The keys that name runs of one recipe: as many as tell the runs apart. */
  private static List<String> telling(List<SortedMap<String, String>> group) {
    List<String> keys = varying(group);
    List<String> common =
        keys.stream()
            .filter(key -> group.stream().allMatch(each -> each.containsKey(key)))
            .toList();
    boolean seeded = common.contains(SEED);
    Set<String> chosen =
        common.stream()
            .filter(key -> !key.equals(SEED))
            .limit(seeded ? MOST_PARTS - 1 : MOST_PARTS)
            .collect(toCollection(HashSet::new));
    if (seeded) {
      chosen.add(SEED);
    }
    for (String key : keys) {
      List<String> now = group.stream().map(each -> values(each, keys, chosen)).toList();
      Set<String> twice = repeated(now);
      if (twice.isEmpty()) {
        break;
      }
      boolean separates =
          twice.stream()
              .anyMatch(
                  text ->
                      varied(
                          IntStream.range(0, group.size())
                              .filter(i -> now.get(i).equals(text))
                              .mapToObj(group::get)
                              .toList(),
                          key));
      if (separates) {
        chosen.add(key);
      }
    }
    return keys.stream().filter(chosen::contains).toList();
  }

  private static String values(Map<String, String> settings, List<String> keys, Set<String> of) {
    return keys.stream()
        .filter(of::contains)
        .map(key -> settings.containsKey(key) ? "=" + settings.get(key) : "")
        .collect(Collectors.joining("\n"));
  }

  private static List<String> varying(List<SortedMap<String, String>> group) {
    return group.stream()
        .flatMap(each -> each.keySet().stream())
        .distinct()
        .filter(key -> varied(group, key))
        .sorted(BY_RANK)
        .toList();
  }

  private static boolean varied(List<SortedMap<String, String>> group, String key) {
    return group.stream().map(each -> Optional.ofNullable(each.get(key))).distinct().count() > 1;
  }

  private static Set<String> repeated(List<String> texts) {
    Set<String> seen = new HashSet<>();
    return texts.stream().filter(text -> !seen.add(text)).collect(Collectors.toSet());
  }

  /** Words that several of these keys have as values: these need the key beside them. */
  private Set<String> sharedValues(Set<String> keys) {
    Map<String, Set<String>> owners = new HashMap<>();
    for (SortedMap<String, String> settings : all) {
      settings.forEach(
          (key, value) -> {
            if (keys.contains(key) && !NUMERIC.matcher(value).matches()) {
              owners.computeIfAbsent(value, each -> new HashSet<>()).add(key);
            }
          });
    }
    return owners.entrySet().stream()
        .filter(each -> each.getValue().size() > 1)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private static String part(String key, String value, Set<String> shared) {
    String words = words(key);
    Optional<String> share = SHARE.matcher(key).matches() ? percent(value) : Optional.empty();
    if (share.isPresent()) {
      return key.equals(SPARSITY) ? share.get() : words + " " + share.get();
    }
    if (NONE.contains(value)) {
      return "no " + words;
    }
    if (value.equals("true")) {
      return words;
    }
    return NUMERIC.matcher(value).matches() || shared.contains(value) ? words + " " + value : value;
  }

  /** The last word of a key, after the block that it is in unless that is a family of settings. */
  private static String words(String key) {
    String[] words = key.split("\\.", -1);
    return Stream.of(words)
        .skip(words.length - (words.length > 2 ? 2 : 1))
        .collect(Collectors.joining(" "))
        .replaceAll(" initial$", "")
        .replace('-', ' ');
  }

  private static Optional<String> percent(String share) {
    try {
      BigDecimal percent =
          new BigDecimal(100 * Double.parseDouble(share)).round(new MathContext(6));
      return Optional.of(
          (percent.signum() == 0 ? "0" : percent.stripTrailingZeros().toPlainString()) + " %");
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
