package io.espalier.telemetry.view;

import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.FederationEvent.CandidateChosen;
import io.espalier.telemetry.event.FederationEvent.ClientJoined;
import io.espalier.telemetry.event.FederationEvent.ClientLeft;
import io.espalier.telemetry.event.HostEvent.AlertCleared;
import io.espalier.telemetry.event.HostEvent.AlertRaised;
import io.espalier.telemetry.event.HostEvent.CheckpointFailed;
import io.espalier.telemetry.event.HostEvent.CheckpointWritten;
import io.espalier.telemetry.event.HostEvent.EventsLost;
import io.espalier.telemetry.event.HostEvent.RecordsSkipped;
import io.espalier.telemetry.event.HostEvent.StreamFlowing;
import io.espalier.telemetry.event.HostEvent.StreamOpened;
import io.espalier.telemetry.event.HostEvent.StreamWaiting;
import io.espalier.telemetry.event.HostEvent.TrainerFailed;
import io.espalier.telemetry.event.HostEvent.TrainerRestarted;
import io.espalier.telemetry.event.MaskEvent.ChannelsCut;
import io.espalier.telemetry.event.MaskEvent.GroupWidth;
import io.espalier.telemetry.event.RunEvent.RunFailed;
import io.espalier.telemetry.event.RunEvent.RunFinished;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import io.espalier.telemetry.event.RunEvent.RunStopped;
import java.util.Locale;
import java.util.Optional;

/** What happened, in words. */
final class TimelineTexts {
  /**
   * Something that happened.
   *
   * @param kind a stable word
   * @param step empty where it belongs to none
   */
  record Told(String kind, Optional<Long> step, String text) {}

  private TimelineTexts() {}

  /** What an event tells; empty for measurements. */
  static Optional<Told> of(Event event) {
    return ofRun(event)
        .or(() -> ofMasks(event))
        .or(() -> ofHost(event))
        .or(() -> ofStream(event))
        .or(() -> ofClient(event));
  }

  private static Optional<Told> ofRun(Event event) {
    if (event instanceof RunStarted started) {
      return told(
          "started",
          "with %d trainer%s, for %d steps",
          started.trainers(),
          started.trainers() == 1 ? "" : "s",
          started.totalSteps());
    } else if (event instanceof RunResumed resumed) {
      return at("resumed", resumed.fromStep(), "attempt %d", resumed.attempt());
    } else if (event instanceof RunStopped stopped) {
      return at("stopped", stopped.step(), "%s", stopped.reason());
    } else if (event instanceof RunFailed failed) {
      return at("failed", failed.step(), "%s", failed.reason());
    } else if (event instanceof RunFinished finished) {
      return at(
          "finished",
          finished.steps(),
          "accuracy %.4f, loss %.4f, %d units kept",
          finished.accuracy(),
          finished.loss(),
          finished.kept());
    } else if (event instanceof CandidateChosen chosen) {
      return told(
          "chosen", "masks of candidate %d of %d", chosen.candidate() + 1, chosen.candidates());
    }
    return Optional.empty();
  }

  private static Optional<Told> ofMasks(Event event) {
    if (!(event instanceof ChannelsCut cut)) {
      return Optional.empty();
    }
    return at(
        "cut",
        cut.step(),
        "%d → %d channels, MACs −%.0f %% to %.0f %% of the whole network's",
        cut.groups().stream().mapToInt(GroupWidth::before).sum(),
        cut.groups().stream().mapToInt(GroupWidth::after).sum(),
        100 - percent(cut.after().macs(), cut.before().macs()),
        percent(cut.after().macs(), cut.dense().macs()));
  }

  private static double percent(long part, long whole) {
    return 100.0 * part / Math.max(1, whole);
  }

  private static Optional<Told> ofHost(Event event) {
    if (event instanceof CheckpointWritten written) {
      return at("checkpoint", written.step(), "%s, %d bytes", written.directory(), written.bytes());
    } else if (event instanceof CheckpointFailed failed) {
      return at("checkpoint-failed", failed.step(), "%s", failed.cause());
    } else if (event instanceof TrainerFailed failed) {
      return at(
          "trainer-failed", failed.step(), "trainer %d: %s", failed.trainer(), failed.cause());
    } else if (event instanceof TrainerRestarted restarted) {
      return at(
          "trainer-restarted",
          restarted.step(),
          "trainer %d, life %d",
          restarted.trainer(),
          restarted.incarnation());
    } else if (event instanceof EventsLost lost) {
      return told("events-lost", "%d events: %s", lost.count(), lost.cause());
    } else if (event instanceof AlertRaised raised) {
      return at("alert", raised.step(), "%s: %s", raised.kind(), raised.text());
    } else if (event instanceof AlertCleared cleared) {
      return at("alert-over", cleared.step(), "%s: %s", cleared.kind(), cleared.text());
    }
    return Optional.empty();
  }

  private static Optional<Told> ofStream(Event event) {
    if (event instanceof StreamOpened opened) {
      return told(
          "stream-opened", "topic %s, %d partitions", opened.topic(), opened.partitions().size());
    } else if (event instanceof StreamWaiting waiting) {
      return told(
          "stream-waiting",
          "for %.0f s, partition %d: %s",
          waiting.seconds(),
          waiting.partition(),
          waiting.cause());
    } else if (event instanceof StreamFlowing flowing) {
      return told("stream-flowing", "after %.0f s", flowing.seconds());
    } else if (event instanceof RecordsSkipped skipped) {
      return told("stream-skipped", "%d records: %s", skipped.count(), skipped.reason());
    }
    return Optional.empty();
  }

  private static Optional<Told> ofClient(Event event) {
    if (event instanceof ClientJoined joined) {
      return told("joined", "%s", joined.client());
    } else if (event instanceof ClientLeft left) {
      return told("left", "%s: %s", left.client(), left.cause());
    }
    return Optional.empty();
  }

  private static Optional<Told> told(String kind, String format, Object... values) {
    return Optional.of(
        new Told(kind, Optional.empty(), String.format(Locale.ROOT, format, values)));
  }

  private static Optional<Told> at(String kind, long step, String format, Object... values) {
    return Optional.of(
        new Told(kind, Optional.of(step), String.format(Locale.ROOT, format, values)));
  }
}
