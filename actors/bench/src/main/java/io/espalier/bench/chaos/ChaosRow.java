package io.espalier.bench.chaos;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What became of the runs of one combination.
 *
 * @param wholeSeconds that the process of the uninterrupted run took
 */
record ChaosRow(Combination combination, double wholeSeconds, List<ComparedRun> runs) {
  ChaosRow {
    runs = List.copyOf(runs);
  }

  int kills() {
    return killsOf(run -> true);
  }

  int killsIn(Phase phase) {
    return (int)
        runs.stream()
            .flatMap(run -> run.kills().stream())
            .filter(kill -> kill.phase() == phase)
            .count();
  }

  /** Kills of the runs that are so. */
  int killsOf(Predicate<ComparedRun> wanted) {
    return runs.stream().filter(wanted).mapToInt(run -> run.kills().size()).sum();
  }

  int starts() {
    return runs.stream().mapToInt(ComparedRun::starts).sum();
  }

  boolean all(Predicate<ComparedRun> wanted) {
    return runs.stream().allMatch(wanted);
  }

  /** The row under the names of {@code results.json}. */
  Map<String, Object> toMap() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("mask", combination.mask());
    facts.put("network", combination.network());
    facts.put("optimizer", combination.optimizer());
    facts.put("kills", kills());
    facts.put("killsAtStartUp", killsIn(Phase.START_UP));
    facts.put("killsInTraining", killsIn(Phase.TRAINING));
    facts.put("killsAtFinish", killsIn(Phase.FINISH));
    facts.put("runs", runs.size());
    facts.put("starts", starts());
    facts.put("sameResults", all(run -> run.results().isEmpty()));
    facts.put("sameEvents", all(run -> run.events().isEmpty()));
    facts.put("sameOnKafka", all(ComparedRun::isDelivered));
    facts.put("wholeSeconds", wholeSeconds);
    return facts;
  }
}
