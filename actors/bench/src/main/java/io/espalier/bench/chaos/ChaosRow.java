package io.espalier.bench.chaos;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The runs of one combination; {@code wholeSeconds} is the uninterrupted process's time. */
record ChaosRow(ChaosCase combination, double wholeSeconds, List<ComparedRun> runs) {
  ChaosRow {
    runs = List.copyOf(runs);
  }

  int kills() {
    return killsOf(run -> true);
  }

  int killsIn(KilledRun.Phase phase) {
    return (int)
        runs.stream()
            .flatMap(run -> run.kills().stream())
            .filter(kill -> kill.phase() == phase)
            .count();
  }

  int killsOf(Predicate<ComparedRun> wanted) {
    return runs.stream().filter(wanted).mapToInt(run -> run.kills().size()).sum();
  }

  int starts() {
    return runs.stream().mapToInt(ComparedRun::starts).sum();
  }

  boolean all(Predicate<ComparedRun> wanted) {
    return runs.stream().allMatch(wanted);
  }

  Map<String, Object> toMap() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("mask", combination.mask());
    facts.put("network", combination.network());
    facts.put("optimizer", combination.optimizer());
    facts.put("kills", kills());
    facts.put("killsAtStartUp", killsIn(KilledRun.Phase.START_UP));
    facts.put("killsInTraining", killsIn(KilledRun.Phase.TRAINING));
    facts.put("killsAtFinish", killsIn(KilledRun.Phase.FINISH));
    facts.put("runs", runs.size());
    facts.put("starts", starts());
    facts.put("sameResults", all(run -> run.results().isEmpty()));
    facts.put("sameEvents", all(run -> run.events().isEmpty()));
    facts.put("sameOnKafka", all(ComparedRun::isDelivered));
    facts.put("wholeSeconds", wholeSeconds);
    return facts;
  }

  /**
   * A run resumed after each kill, compared with its combination's uninterrupted one.
   *
   * @param results in words, where model, masks and summary differ
   * @param events in words, where its events differ
   */
  record ComparedRun(
      String name,
      List<KilledRun.Kill> kills,
      int starts,
      List<String> results,
      List<String> events,
      Optional<DeliveryCheck> delivery) {
    ComparedRun {
      kills = List.copyOf(kills);
      results = List.copyOf(results);
      events = List.copyOf(events);
    }

    ComparedRun with(DeliveryCheck found) {
      return new ComparedRun(name, kills, starts, results, events, Optional.of(found));
    }

    boolean isDelivered() {
      return delivery.filter(found -> found.differences().isEmpty()).isPresent();
    }

    boolean isSame() {
      return results.isEmpty() && events.isEmpty() && isDelivered();
    }
  }
}
