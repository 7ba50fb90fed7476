package io.espalier.telemetry.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.FederationEvent.FederationDescribed;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.FederationEvent.RoundStarted;
import io.espalier.telemetry.event.FederationEvent.TierEvaluated;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** The rounds of a federation; of a round that was taken up again, what was said last. */
final class Rounds {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final RunHistory history;
  private final SortedMap<Long, RoundCompleted> training = new TreeMap<>();
  private final Map<String, RoundCompleted> selection = new LinkedHashMap<>();
  private final SortedMap<Long, RoundStarted> started = new TreeMap<>();

  Rounds(RunHistory history) {
    this.history = history;
    history
        .all(RoundCompleted.class)
        .forEach(
            round -> {
              if (round.kind().equals(RoundCompleted.SELECTION)) {
                selection.put(round.round(), round);
              } else {
                training.put(round.completedRounds(), round);
              }
            });
    history
        .all(RoundStarted.class)
        .filter(round -> !round.kind().equals(RoundCompleted.SELECTION))
        .forEach(round -> started.put(round.completedRounds() + 1, round));
  }

  /** Whether the run is a federation, with rounds to come at least. */
  boolean expected() {
    return Stream.of(FederationDescribed.class, RoundStarted.class, RoundCompleted.class)
        .anyMatch(type -> history.last(type).isPresent());
  }

  /** Completed training rounds. */
  int completed() {
    return training.size();
  }

  /** Of all rounds, those that chose the first masks included. */
  long total(ToLongFunction<RoundCompleted> value) {
    return total(training.values(), value) + total(selection.values(), value);
  }

  /** A value of each completed training round. */
  ArrayNode series(ToDoubleFunction<RoundCompleted> value) {
    return series(training, value);
  }

  ArrayNode learningRate() {
    return series(started, RoundStarted::learningRate);
  }

  /**
   * {@code {reported, late, lost, refused, wanted, bytesUp, bytesDown, shareOfDense, seconds,
   * aggregateSeconds, tiers, selection, totals}}: series over rounds, then tables.
   */
  ObjectNode json() {
    ObjectNode rounds = JSON.objectNode();
    rounds.set("reported", series(RoundCompleted::reported));
    rounds.set("late", series(RoundCompleted::late));
    rounds.set("lost", series(RoundCompleted::lost));
    rounds.set("refused", series(RoundCompleted::refused));
    rounds.set("wanted", series(started, RoundStarted::wanted));
    rounds.set("bytesUp", series(RoundCompleted::bytesUp));
    rounds.set("bytesDown", series(RoundCompleted::bytesDown));
    rounds.set("shareOfDense", series(Rounds::shareOfDense));
    rounds.set("seconds", series(RoundCompleted::seconds));
    rounds.set("aggregateSeconds", series(RoundCompleted::aggregateSeconds));
    rounds.set("tiers", tiers());
    rounds
        .putObject("selection")
        .put("rounds", selection.size())
        .put("bytes", total(selection.values(), round -> round.bytesUp() + round.bytesDown()));
    rounds
        .putObject("totals")
        .put("invited", total(RoundCompleted::invited))
        .put("reported", total(RoundCompleted::reported))
        .put("late", total(RoundCompleted::late))
        .put("lost", total(RoundCompleted::lost))
        .put("bytesUp", total(RoundCompleted::bytesUp))
        .put("bytesDown", total(RoundCompleted::bytesDown));
    return rounds;
  }

  /**
   * One object per density cap: {@code {density, clients, accuracy, loss}}, the last two series.
   */
  private ArrayNode tiers() {
    SortedMap<Double, SortedMap<Long, TierEvaluated>> byDensity = new TreeMap<>();
    history
        .all(TierEvaluated.class)
        .forEach(
            tier ->
                byDensity
                    .computeIfAbsent(tier.density(), key -> new TreeMap<>())
                    .put(tier.completedRounds(), tier));
    ArrayNode tiers = JSON.arrayNode();
    byDensity.forEach(
        (density, measured) -> {
          ObjectNode tier = tiers.addObject().put("density", density);
          measured.values().forEach(newest -> tier.put("clients", newest.clients()));
          tier.set("accuracy", series(measured, TierEvaluated::accuracy));
          tier.set("loss", series(measured, TierEvaluated::loss));
        });
    return tiers;
  }

  private static double shareOfDense(RoundCompleted round) {
    return round.bytesDense() > 0
        ? (round.bytesUp() + round.bytesDown()) / (double) round.bytesDense()
        : Double.NaN;
  }

  private static long total(
      Collection<RoundCompleted> rounds, ToLongFunction<RoundCompleted> value) {
    return rounds.stream().mapToLong(value).sum();
  }

  private static <E> ArrayNode series(SortedMap<Long, E> events, ToDoubleFunction<E> value) {
    SortedMap<Long, Double> values = new TreeMap<>();
    events.forEach((round, event) -> values.put(round, value.applyAsDouble(event)));
    return Series.of(values).json();
  }
}
