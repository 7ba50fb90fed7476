package io.espalier.bench.scores;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is combined.
 *
 * @param cells combinations of score, ranking and refit to take in place of all
 * @param scores names, or blocks with keys; if none, all built-in ones that weights can be ranked
 *     by
 */
record ScoreGrid(
    List<String> networks,
    List<Cell> cells,
    List<String> scores,
    List<String> rankings,
    List<String> refits,
    List<Double> sparsities,
    List<Integer> epochs,
    List<Long> seeds) {
  /**
   * The trials that rules allow, seed by seed, so that an interrupted bench has whole rows.
   *
   * @throws InvalidConfigException if a network, score, ranking or refit takes part in none
   */
  List<ScoreTrial> trials(ScoreTrial.Base base) {
    List<ScoreTrial> trials = new ArrayList<>();
    List<Refused> refused = new ArrayList<>();
    for (ScoreTrial trial : all()) {
      try {
        trial.check(base);
        trials.add(trial);
      } catch (InvalidConfigException e) {
        refused.add(new Refused(trial, e));
      }
    }
    if (!cells.isEmpty() && !refused.isEmpty()) {
      throw refused.get(0).cause();
    }
    (cells.isEmpty() ? Stream.of(networks, scores, rankings, refits) : Stream.of(networks))
        .flatMap(List::stream)
        .forEach(name -> requireUsed(name, trials, refused));
    return trials;
  }

  /** What is ranked by what, and what makes up for what goes. */
  record Cell(String score, String ranking, String refit) {
    /** Reads {@code SCORE/RANKING/REFIT}; throws {@link IllegalArgumentException} for others. */
    static Cell parse(String text) {
      String[] parts = text.strip().split("/", -1);
      if (parts.length != 3
          || Stream.of(parts).anyMatch(String::isBlank)
          || RankedUnit.named(parts[1].strip()).isEmpty()) {
        throw new IllegalArgumentException(
            "a cell must be SCORE/RANKING/REFIT, with a ranking of %s: cell=%s"
                .formatted(RankedUnit.names(), text));
      }
      return new Cell(parts[0].strip(), parts[1].strip(), parts[2].strip());
    }
  }

  private record Refused(ScoreTrial trial, InvalidConfigException cause) {}

  private static void requireUsed(String name, List<ScoreTrial> trials, List<Refused> refused) {
    if (trials.stream().noneMatch(trial -> trial.names().contains(name))) {
      throw refused.stream()
          .filter(each -> each.trial().names().contains(name))
          .findFirst()
          .orElseThrow()
          .cause();
    }
  }

  private List<ScoreTrial> all() {
    List<ScoreTrial> all = new ArrayList<>();
    for (int length : epochs) {
      for (long seed : seeds) {
        for (String network : networks) {
          for (Cell cell : cells.isEmpty() ? combined() : cells) {
            for (double sparsity : sparsities) {
              all.add(
                  new ScoreTrial(
                      network, seed, cell.score(), cell.ranking(), cell.refit(), sparsity, length));
            }
          }
        }
      }
    }
    return all;
  }

  private List<Cell> combined() {
    List<Cell> combined = new ArrayList<>();
    for (String score : scores.isEmpty() ? builtIn() : scores) {
      for (String ranking : rankings) {
        refits.forEach(refit -> combined.add(new Cell(score, ranking, refit)));
      }
    }
    return combined;
  }

  private static List<String> builtIn() {
    PluginRegistry members = PluginRegistry.installed();
    return members.names(PluginKind.SCORE).stream()
        .filter(
            name ->
                members.named(PluginKind.SCORE, name).stream().anyMatch(PluginRegistry::isBuiltIn))
        .toList();
  }
}
