package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.EventType;
import io.espalier.telemetry.event.HostEvent;
import io.espalier.telemetry.event.HostEvent.EventsLost;
import io.espalier.telemetry.event.Topic;
import io.espalier.telemetry.event.TrainingEvent;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Detects missing events and the steps that they leave without measurements. */
final class GapsView {
  private static final int MOST_SOURCES = 10_000;
  private static final int MOST_LISTED = 200;
  private static final int MOST_LOSSES = 64;

  private final VoidedSteps voided;
  private final Map<Stream, SequenceFilter> sequences = new HashMap<>();
  private final SortedMap<Integer, StepCoverage> trainers = new TreeMap<>();
  private final RecentWindow<Loss> losses;
  private long reportedStep;
  private int lossAttempt;

  /** Lost events between two reported steps. */
  private record Loss(long from, long to, long count) {
    Loss and(Loss other) {
      return new Loss(Math.min(from, other.from), Math.max(to, other.to), count + other.count);
    }
  }

  private record Range(long from, long to) {
    static final Comparator<Range> ORDER =
        Comparator.comparingLong(Range::from).thenComparing(Range::to);
  }

  private record Stream(Topic topic, String source) {}

  GapsView(VoidedSteps voided) {
    this.voided = voided;
    losses = new RecentWindow<>(voided, MOST_LOSSES);
  }

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
    if (envelope.event() instanceof TrainingEvent.StepsMeasured steps
        && !steps.losses().isEmpty()) {
      if (steps.trainer() >= 0 && steps.trainer() < TrainingView.MOST_TRAINERS) {
        trainers
            .computeIfAbsent(steps.trainer(), key -> new StepCoverage(voided))
            .add(envelope.attempt(), steps.firstStep(), step);
      }
    } else if (envelope.event() instanceof EventsLost lost) {
      losses.merge(
          envelope.attempt(),
          reportedStep,
          new Loss(reportedStep, reportedStep, lost.count()),
          Loss::and);
      lossAttempt = envelope.attempt();
    } else if (envelope.topic() == Topic.EVENTS && step != SequenceFilter.NO_STEP) {
      if (lossAttempt == envelope.attempt()) {
        losses.merge(lossAttempt, reportedStep, new Loss(reportedStep, step, 0), Loss::and);
      }
      lossAttempt = 0;
      reportedStep = step;
    }
  }

  /** Returns {@code [{from, to, what}]} in the order of the steps. */
  ArrayNode json() {
    SortedMap<Range, String> found = new TreeMap<>(Range.ORDER);
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

  private void addHoles(Stream stream, SequenceFilter each, SortedMap<Range, String> found) {
    if (stream.source().indexOf('/') >= 0) {
      return;
    }
    if (stream.topic() == Topic.METRICS || stream.topic() == Topic.EVENTS) {
      String what = stream.topic() == Topic.METRICS ? "syncs and evaluations" : "events";
      for (SequenceFilter.Hole hole : each.holes(voided)) {
        found.merge(new Range(hole.fromStep(), hole.toStep()), what, GapsView::joined);
      }
    }
  }

  private static String joined(String one, String other) {
    return one.contains(other) ? one : one + "; " + other;
  }

  /** Alerts and failing trainers name the last committed step, which is no progress. */
  private static long stepOf(Event event) {
    boolean isProgress =
        !(event instanceof HostEvent.AlertRaised
            || event instanceof HostEvent.AlertCleared
            || event instanceof HostEvent.TrainerFailed
            || event instanceof HostEvent.TrainerRestarted);
    return isProgress
        ? EventType.stepOf(event).orElse(SequenceFilter.NO_STEP)
        : SequenceFilter.NO_STEP;
  }
}
