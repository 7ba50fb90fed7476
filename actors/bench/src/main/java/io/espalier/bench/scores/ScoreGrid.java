package io.espalier.bench.scores;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.custom.CustomFamily;
import io.espalier.configs.custom.CustomMembers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is combined.
 *
 * @param scores names; if none, all built-in ones that weights can be ranked by
 */
record ScoreGrid(
    List<String> networks,
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
    Stream.of(networks, scores, rankings, refits)
        .flatMap(List::stream)
        .forEach(name -> requireUsed(name, trials, refused));
    return trials;
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
          for (String score : scores.isEmpty() ? builtIn() : scores) {
            for (String ranking : rankings) {
              for (String refit : refits) {
                for (double sparsity : sparsities) {
                  all.add(new ScoreTrial(network, seed, score, ranking, refit, sparsity, length));
                }
              }
            }
          }
        }
      }
    }
    return all;
  }

  private static List<String> builtIn() {
    CustomMembers members = CustomMembers.installed();
    return members.names(CustomFamily.SCORE).stream()
        .filter(
            name ->
                members.named(CustomFamily.SCORE, name).stream().anyMatch(CustomMembers::isBuiltIn))
        .toList();
  }
}
