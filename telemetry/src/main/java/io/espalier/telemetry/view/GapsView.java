package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.FederationEvent.TierEvaluated;
import io.espalier.telemetry.event.HostEvent.CheckpointFailed;
import io.espalier.telemetry.event.HostEvent.CheckpointWritten;
import io.espalier.telemetry.event.HostEvent.EventsLost;
import io.espalier.telemetry.event.MaskEvent.ChannelsCut;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.RunEvent.RunFailed;
import io.espalier.telemetry.event.RunEvent.RunFinished;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunEvent.RunStopped;
import io.espalier.telemetry.event.Topic;
import io.espalier.telemetry.event.TrainingEvent.EvaluationCompleted;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which events have come, and of which steps some are missing. */
final class GapsView {
  private static final int MOST_SOURCES = 10_000;
  private static final int MOST_LISTED = 200;
  private static final int MOST_LOSSES = 64;

  private final Cuts cuts;
  private final Map<Stream, SequenceFilter> sequences = new HashMap<>();
  private final SortedMap<Integer, StepCoverage> trainers = new TreeMap<>();
  private final RecentWindow<Loss> losses;
  private long toldStep;
  private int lossAttempt;

  /** Events that the run itself says are missing; between which steps is told by its events. */
  private record Loss(long from, long to, long count) {
    Loss and(Loss other) {
      return new Loss(Math.min(from, other.from), Math.max(to, other.to), count + other.count);
    }
  }

  private record Range(long from, long to) implements Comparable<Range> {
    private static final Comparator<Range> ORDER =
        Comparator.comparingLong(Range::from).thenComparing(Range::to);

    @Override
    public int compareTo(Range other) {
      return ORDER.compare(this, other);
    }
  }

  private record Stream(Topic topic, String source) {}

  GapsView(Cuts cuts) {
    this.cuts = cuts;
    losses = new RecentWindow<>(cuts, MOST_LOSSES);
  }

  /** Notes an event; tells whether it is new. */
  boolean take(Envelope envelope) {
    Stream stream = new Stream(envelope.topic(), envelope.source());
    if (!sequences.containsKey(stream) && sequences.size() >= MOST_SOURCES) {
      return true;
    }
    long step = stepOf(envelope.event());
    boolean fresh =
        sequences
            .computeIfAbsent(stream, key -> new SequenceFilter())
            .add(envelope.sequence(), envelope.attempt(), step);
    if (fresh) {
      note(envelope, step);
    }
    return fresh;
  }

  private void note(Envelope envelope, long step) {
    if (envelope.event() instanceof StepsMeasured steps && !steps.losses().isEmpty()) {
      if (steps.trainer() >= 0 && steps.trainer() < TrainingView.MOST_TRAINERS) {
        trainers
            .computeIfAbsent(steps.trainer(), key -> new StepCoverage(cuts))
            .add(envelope.attempt(), steps.firstStep(), step);
      }
    } else if (envelope.event() instanceof EventsLost lost) {
      losses.merge(
          envelope.attempt(), toldStep, new Loss(toldStep, toldStep, lost.count()), Loss::and);
      lossAttempt = envelope.attempt();
    } else if (envelope.topic() == Topic.EVENTS && step != SequenceFilter.NO_STEP) {
      if (lossAttempt == envelope.attempt()) {
        losses.merge(lossAttempt, toldStep, new Loss(toldStep, step, 0), Loss::and);
      }
      lossAttempt = 0;
      toldStep = step;
    }
  }

  void cut(int attempt, long firstVoid) {
    losses.cut(attempt, firstVoid);
    trainers.values().forEach(each -> each.cut(attempt, firstVoid));
  }

  /** {@code [{from, to, what}]} in the order of the steps. */
  ArrayNode json() {
    SortedMap<Range, String> found = new TreeMap<>();
    trainers.forEach((trainer, coverage) -> addSteps(trainer, coverage, found));
    sequences.forEach((stream, each) -> addHoles(stream, each, found));
    losses
        .values()
        .forEach(
            loss ->
                found.merge(
                    new Range(loss.from(), loss.to()),
                    "%d events lost by the run".formatted(loss.count()),
                    GapsView::joined));
    ArrayNode rows = ViewJson.array();
    found.entrySet().stream()
        .limit(MOST_LISTED)
        .forEach(
            each ->
                rows.addObject()
                    .put("from", each.getKey().from())
                    .put("to", each.getKey().to())
                    .put("what", each.getValue()));
    return rows;
  }

  private static void addSteps(int trainer, StepCoverage coverage, SortedMap<Range, String> found) {
    for (StepCoverage.Missing each : coverage.missing()) {
      found.merge(
          new Range(each.from(), each.to()),
          "steps of trainer " + trainer,
          (one, other) -> "steps of several trainers");
    }
  }

  /** Trainers tell their steps, so that their sequences need not be looked at. */
  private void addHoles(Stream stream, SequenceFilter each, SortedMap<Range, String> found) {
    if (stream.source().indexOf('/') >= 0) {
      return;
    }
    if (stream.topic() == Topic.METRICS || stream.topic() == Topic.EVENTS) {
      String what = stream.topic() == Topic.METRICS ? "syncs and evaluations" : "events";
      for (SequenceFilter.Hole hole : each.holes(cuts)) {
        found.merge(new Range(hole.fromStep(), hole.toStep()), what, GapsView::joined);
      }
    }
  }

  private static String joined(String one, String other) {
    return one.contains(other) ? one : one + "; " + other;
  }

  private static long stepOf(Event event) {
    if (event instanceof StepsMeasured steps) {
      return steps.firstStep() + steps.losses().size() - 1;
    } else if (event instanceof SyncCompleted sync) {
      return sync.step();
    } else if (event instanceof EvaluationCompleted evaluation) {
      return evaluation.step();
    } else if (event instanceof RoundCompleted round) {
      return round.completedRounds();
    } else if (event instanceof TierEvaluated tier) {
      return tier.completedRounds();
    } else if (event instanceof MasksUpdated update) {
      return update.step();
    } else if (event instanceof ChannelsCut cut) {
      return cut.step();
    } else if (event instanceof CheckpointWritten checkpoint) {
      return checkpoint.step();
    } else if (event instanceof CheckpointFailed checkpoint) {
      return checkpoint.step();
    } else if (event instanceof RunResumed resumed) {
      return resumed.fromStep();
    } else if (event instanceof RunStopped stopped) {
      return stopped.step();
    } else if (event instanceof RunFailed failed) {
      return failed.step();
    } else if (event instanceof RunFinished finished) {
      return finished.steps();
    }
    return SequenceFilter.NO_STEP;
  }
}
