package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.HostEvent.AlertCleared;
import io.espalier.telemetry.event.HostEvent.AlertRaised;
import io.espalier.telemetry.event.RunEvent.RunState;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

final class AlertsView {
  static final int MOST = 50;

  /** An unfinished run has sent nothing; no event reports it. */
  static final String SILENT = "silent";

  private final Deque<Alert> alerts = new ArrayDeque<>();

  private static final class Alert {
    private final AlertRaised raised;
    private final int attempt;
    private final Instant since;
    private Optional<Instant> until = Optional.empty();

    Alert(Envelope envelope, AlertRaised raised) {
      this.raised = raised;
      this.attempt = envelope.attempt();
      this.since = envelope.time();
    }

    /**
     * An alert lasts until cleared or until its attempt ends; a failed attempt keeps its alerts
     * until the next one begins.
     */
    boolean isOpen(RunLifecycleView lifecycle) {
      return until.isEmpty()
          && attempt == lifecycle.attempt()
          && (lifecycle.isRunning() || lifecycle.stateName().equals(RunState.FAILED));
    }

    Optional<Instant> over(RunLifecycleView lifecycle) {
      return isOpen(lifecycle)
          ? Optional.empty()
          : until.or(
              () ->
                  lifecycle
                      .end()
                      .filter(end -> end.attempt() == attempt)
                      .map(RunLifecycleView.Sequenced::time));
    }
  }

  void take(Envelope envelope) {
    if (envelope.event() instanceof AlertRaised raised) {
      alerts.addFirst(new Alert(envelope, raised));
      if (alerts.size() > MOST) {
        alerts.removeLast();
      }
    } else if (envelope.event() instanceof AlertCleared cleared) {
      alerts.stream()
          .filter(each -> each.attempt == envelope.attempt())
          .filter(each -> each.raised.kind().equals(cleared.kind()))
          .filter(each -> each.until.isEmpty())
          .forEach(each -> each.until = Optional.of(envelope.time()));
    }
  }

  ArrayNode open(RunLifecycleView lifecycle, boolean silent) {
    ArrayNode open = ViewJson.array();
    for (JsonNode each : json(lifecycle, silent)) {
      if (each.path("open").asBoolean()) {
        open.add(((ObjectNode) each).retain("kind", "since", "text"));
      }
    }
    return open;
  }

  /** Returns {@code {kind, since, text}} of a silent run. */
  static ObjectNode silent(Instant since) {
    return ViewJson.object()
        .put("kind", SILENT)
        .put("since", since.toEpochMilli())
        .put("text", "nothing was observed of the run; its process may be gone, or the broker");
  }

  /** Returns {@code [{kind, since, step, text, open, until}]}, the newest first. */
  ArrayNode json(RunLifecycleView lifecycle, boolean silent) {
    ArrayNode rows = ViewJson.array();
    if (silent) {
      rows.add(silent(lifecycle.updated()).put("open", true));
    }
    for (Alert each : alerts) {
      ObjectNode row = rows.addObject().put("kind", each.raised.kind());
      row.put("since", each.since.toEpochMilli()).put("step", each.raised.step());
      row.put("text", Timeline.shortened(each.raised.text())).put("open", each.isOpen(lifecycle));
      each.over(lifecycle).ifPresent(until -> row.put("until", until.toEpochMilli()));
    }
    return rows;
  }
}
