package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.FederationEvent.RoundStarted;
import io.espalier.telemetry.event.FederationEvent.TierEvaluated;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** The rounds of a federation; of a resumed round, the last report holds. */
final class RoundsView {
  private static final int MOST_SELECTIONS = 100;

  /** The amounts summed over rounds, in this order. */
  private static final List<Map.Entry<String, ToLongFunction<RoundCompleted>>> AMOUNTS =
      List.of(
          Map.entry("invited", RoundCompleted::invited),
          Map.entry("reported", RoundCompleted::reported),
          Map.entry("late", RoundCompleted::late),
          Map.entry("lost", RoundCompleted::lost),
          Map.entry("bytesUp", RoundCompleted::bytesUp),
          Map.entry("bytesDown", RoundCompleted::bytesDown),
          Map.entry("bytesDense", RoundCompleted::bytesDense),
          Map.entry("rounds", round -> 1));

  private static final int BYTES_UP = 4;
  private static final int BYTES_DOWN = 5;
  private static final int BYTES_DENSE = 6;
  private static final int COUNT = 7;

  private final SeriesSet series;
  private final Tally training;
  private final Map<String, double[]> selections = new LinkedHashMap<>();
  private final TiersView tiers;
  private Optional<Started> newest = Optional.empty();
  private boolean known;

  record Started(RoundStarted event, int attempt, long sequence, Instant time) {
    boolean isAfter(Started other) {
      return attempt > other.attempt || (attempt == other.attempt && sequence > other.sequence);
    }
  }

  RoundsView(VoidedSteps voided) {
    series = new SeriesSet(voided);
    training = new Tally(voided, AMOUNTS.size());
    tiers = new TiersView(voided, series);
  }

  void take(Envelope envelope) {
    if (envelope.event() instanceof RoundStarted started) {
      start(envelope, started);
    } else if (envelope.event() instanceof RoundCompleted round) {
      known = true;
      complete(envelope.attempt(), round);
    } else if (envelope.event() instanceof TierEvaluated tier) {
      tiers.take(envelope.attempt(), tier);
    }
  }

  private void start(Envelope envelope, RoundStarted started) {
    known = true;
    Started each = new Started(started, envelope.attempt(), envelope.sequence(), envelope.time());
    newest = newest.filter(old -> old.isAfter(each)).or(() -> Optional.of(each));
    if (!started.kind().equals(RoundCompleted.SELECTION)) {
      long round = started.completedRounds() + 1;
      series.put("wanted", envelope.attempt(), round, started.wanted());
      series.put("learningRate", envelope.attempt(), round, started.learningRate());
    }
  }

  private void complete(int attempt, RoundCompleted round) {
    double[] amounts =
        AMOUNTS.stream().mapToDouble(each -> each.getValue().applyAsLong(round)).toArray();
    if (round.kind().equals(RoundCompleted.SELECTION)) {
      if (selections.containsKey(round.round()) || selections.size() < MOST_SELECTIONS) {
        selections.put(round.round(), amounts);
      }
      return;
    }
    long step = round.completedRounds();
    training.put(attempt, step, amounts);
    double bytes = amounts[BYTES_UP] + amounts[BYTES_DOWN];
    double dense = amounts[BYTES_DENSE];
    series.put("trainLoss", attempt, step, round.loss().orElse(Double.NaN));
    series.put("pruned", attempt, step, (double) round.pruned());
    series.put("regrown", attempt, step, (double) round.regrown());
    series.put("bytes", attempt, step, bytes);
    series.put("bytesDense", attempt, step, dense);
    series.put("reported", attempt, step, round.reported());
    series.put("late", attempt, step, round.late());
    series.put("lost", attempt, step, round.lost());
    series.put("refused", attempt, step, round.refused());
    series.put("bytesUp", attempt, step, amounts[BYTES_UP]);
    series.put("bytesDown", attempt, step, amounts[BYTES_DOWN]);
    series.put("shareOfDense", attempt, step, dense > 0 ? bytes / dense : Double.NaN);
    series.put("seconds", attempt, step, round.seconds());
    series.put("aggregateSeconds", attempt, step, round.aggregateSeconds());
  }

  boolean isKnown() {
    return known;
  }

  long completed() {
    return (long) training.total(COUNT);
  }

  SeriesSet series() {
    return series;
  }

  /** Returns bytes sent both ways and those of dense models, including selections. */
  long[] traffic() {
    return new long[] {
      (long) (total(BYTES_UP) + total(BYTES_DOWN)), (long) total(BYTES_DENSE),
    };
  }

  private double total(int amount) {
    return training.total(amount) + selected(amount);
  }

  private double selected(int amount) {
    return selections.values().stream().mapToDouble(each -> each[amount]).sum();
  }

  Optional<Started> open() {
    return newest.filter(
        started ->
            started.event().kind().equals(RoundCompleted.SELECTION)
                ? !selections.containsKey(started.event().round())
                : completedSteps() <= started.event().completedRounds());
  }

  private long completedSteps() {
    var reported = series.of("reported");
    return reported.isEmpty() ? 0 : reported.lastStep();
  }

  void addTo(ObjectNode federation) {
    federation
        .putObject("selection")
        .put("rounds", selections.size())
        .put("bytes", (long) (selected(BYTES_UP) + selected(BYTES_DOWN)));
    ObjectNode totals = federation.putObject("totals");
    for (int i = 0; i < BYTES_DENSE; i++) {
      totals.put(AMOUNTS.get(i).getKey(), (long) total(i));
    }
    tiers.addTo(federation.putArray("tiers"));
  }
}
