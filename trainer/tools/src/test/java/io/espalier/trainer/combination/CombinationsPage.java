package io.espalier.trainer.combination;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.MaskConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.PruneConfig;
import io.espalier.configs.RankingConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.TargetConfig;
import io.espalier.configs.combination.Choices;
import io.espalier.configs.combination.Combination;
import io.espalier.configs.combination.Combinations;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.kind.MaskKinds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The pages of docs about combinations, made by asking the rules about every combination of members
 * that they tell apart.
 */
final class CombinationsPage {
  private static final String BASE = "data = digits, model = lenet-5, prune.sparsity = 50%\n";
  private static final List<Part> ASKED =
      List.of(
          Part.GRANULARITY,
          Part.SCORE,
          Part.ALLOCATION,
          Part.SELECTION,
          Part.MASK,
          Part.REGROWTH,
          Part.REFIT,
          Part.OBJECTIVE,
          Part.FEDERATION);

  private final PluginRegistry members = PluginRegistry.installed();
  private final List<Combination> rules = Combinations.all();
  private final List<PairTable> tables = new ArrayList<>();
  private final PairTable[][] byParts = new PairTable[ASKED.size()][ASKED.size()];
  private final Map<String, RunConfig> loaded = new HashMap<>();
  private final Map<List<Object>, MemberSettings> standard = new HashMap<>();
  private final Map<MemberSettings, MaskConfig> masks = new HashMap<>();

  private CombinationsPage() {
    for (int one = 0; one < ASKED.size(); one++) {
      for (int other = one + 1; other < ASKED.size(); other++) {
        byParts[one][other] = new PairTable(ASKED.get(one), ASKED.get(other));
        tables.add(byParts[one][other]);
      }
    }
  }

  static CombinationsPage ofTheRules() {
    CombinationsPage page = new CombinationsPage();
    int[] sizes = ASKED.stream().mapToInt(part -> part.names().size()).toArray();
    page.ask(new AlikeMembers(sizes, page::broken).classes(), List.of());
    return page;
  }

  /** Asks about all classes of the parts behind those of which one is chosen. */
  private void ask(List<List<List<Integer>>> classes, List<List<Integer>> chosen) {
    if (chosen.size() < classes.size()) {
      for (List<Integer> next : classes.get(chosen.size())) {
        ask(classes, Stream.concat(chosen.stream(), Stream.of(next)).toList());
      }
      return;
    }
    List<Integer> broken = broken(chosen.stream().mapToInt(alike -> alike.get(0)).toArray());
    for (int one = 0; one < chosen.size(); one++) {
      for (int other = one + 1; other < chosen.size(); other++) {
        byParts[one][other].add(chosen.get(one), chosen.get(other), broken);
      }
    }
  }

  /** The rules, by their numbers on the page, that a choice of each part breaks. */
  private List<Integer> broken(int[] chosen) {
    Choices choices = new Choices(recipe(chosen), members);
    return IntStream.range(0, rules.size())
        .filter(rule -> !rules.get(rule).allows(choices))
        .map(rule -> rule + 1)
        .boxed()
        .toList();
  }

  private RunConfig recipe(int[] chosen) {
    RunConfig base = loaded("");
    PruneConfig prune = base.prune();
    return new RunConfig(
        base.name(),
        base.tags(),
        base.seed(),
        base.data(),
        base.model(),
        loaded(Part.OBJECTIVE.line(name(chosen, Part.OBJECTIVE))).train(),
        new PruneConfig(
            new TargetConfig(
                prune.target().sparsity(),
                prune.target().tolerance(),
                prune.target().minKeep(),
                prune.target().exclude()),
            granularity(name(chosen, Part.GRANULARITY)),
            new RankingConfig(
                settings(PluginKind.SCORE, name(chosen, Part.SCORE)),
                settings(PluginKind.ALLOCATION, name(chosen, Part.ALLOCATION)),
                settings(PluginKind.SELECTION, name(chosen, Part.SELECTION))),
            prune.schedule(),
            masks.computeIfAbsent(
                settings(PluginKind.MASK, name(chosen, Part.MASK)), MaskKinds::config),
            settings(PluginKind.REGROWTH, name(chosen, Part.REGROWTH)),
            settings(PluginKind.REFIT, name(chosen, Part.REFIT))),
        loaded(Part.FEDERATION.line(name(chosen, Part.FEDERATION))).federation(),
        base.parent());
  }

  private static String name(int[] chosen, Part part) {
    return part.names().get(chosen[ASKED.indexOf(part)]);
  }

  private RunConfig loaded(String line) {
    return loaded.computeIfAbsent(
        line, text -> new RecipeLoader().parse("docs", BASE + text, List.of()).config());
  }

  private GranularityConfig granularity(String name) {
    return name.equals("channel")
        ? loaded(Part.GRANULARITY.line(name)).prune().granularity()
        : new GranularityConfig.Units(settings(PluginKind.UNITS, name));
  }

  private MemberSettings settings(PluginKind family, String name) {
    return standard.computeIfAbsent(
        List.of(family, name),
        key ->
            members.named(family, name).stream()
                .findFirst()
                .map(member -> member.keys().standard(name).orElseThrow())
                .orElseGet(() -> MemberSettings.of(name)));
  }

  /** What does not go together: rules, and the choices that they keep apart. */
  String exclusions() {
    return """
        # What does not go together

        A recipe combines the parts of a method freely, but for the rules of this page. One that breaks a rule is refused
        when it is read: the error names the line, the rule, its reason and a way out, and all broken rules at once. The page
        is generated from these rules. Members of your own take part by what they say of themselves
        ([extending.md](extending.md#what-a-member-goes-together-with)).

        ## Rules

        | | rule | because | instead | keys |
        |---|---|---|---|---|
        %s
        ## Choices that exclude each other

        No recipe has both, by the rules of these numbers. [combinations-matrix.md](combinations-matrix.md) has the answer for every pair.

        %s
        %s.
        """
        .formatted(
            IntStream.range(0, rules.size()).mapToObj(this::row).collect(Collectors.joining()),
            sections(table -> table.header() + table.exclusions()),
            unnamed());
  }

  /** Whether two choices go together, for every pair of them. */
  String matrix() {
    String free =
        tables.stream()
            .filter(table -> !table.refuses())
            .map(table -> "- " + table.heading() + "\n")
            .collect(Collectors.joining());
    return """
        # Every pair of choices

        `yes`: some recipe has both. `no`: none has, by the [rules](combinations.md#rules) of these numbers. The page is generated
        from these rules.

        %s## Pairs without a rule

        Any members of these parts go together, as far as the rest of the recipe suits them:

        %s"""
        .formatted(sections(PairTable::markdown).replace("### ", "## "), free);
  }

  private String sections(Function<PairTable, String> text) {
    return tables.stream()
        .filter(PairTable::refuses)
        .map(table -> "### %s\n\n%s\n".formatted(table.heading(), text.apply(table)))
        .collect(Collectors.joining());
  }

  /** The parts without a table, and the rules that name them. */
  private String unnamed() {
    return Stream.of(Part.values())
        .filter(part -> !ASKED.contains(part))
        .map(part -> "`%s` goes with everything%s".formatted(part.key(), exceptions(part)))
        .collect(Collectors.joining(", "));
  }

  private String exceptions(Part part) {
    String numbers =
        IntStream.range(0, rules.size())
            .filter(rule -> rules.get(rule).keys().contains(part.key()))
            .mapToObj(rule -> String.valueOf(rule + 1))
            .collect(Collectors.joining(" and "));
    return numbers.isEmpty()
        ? ""
        : " but for %s %s".formatted(numbers.contains(" ") ? "rules" : "rule", numbers);
  }

  private String row(int number) {
    Combination rule = rules.get(number);
    return "| %d | %s | %s | %s | %s |\n"
        .formatted(
            number + 1,
            rule.title(),
            rule.reason(),
            rule.wayOut(),
            rule.keys().stream().map(key -> "`" + key + "`").collect(Collectors.joining(", ")));
  }
}
