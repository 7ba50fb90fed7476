package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.FederationEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

final class ClientView {
  /** A resumed round may be reported twice; it is one of this many newest. */
  static final int ROUNDS_AGAIN = 8;

  private final String name;
  private Optional<FederationEvent.ClientJoined> joined = Optional.empty();
  private boolean connected;
  private final Map<String, FederationEvent.ClientReported> reports = new LinkedHashMap<>();
  private final Deque<String> lateRounds = new ArrayDeque<>();
  private Optional<FederationEvent.ClientReported> lastWithLoss = Optional.empty();
  private int olderReports;
  private long olderBytes;
  private double olderSeconds;
  private int late;
  private int refused;

  ClientView(String name) {
    this.name = name;
  }

  void take(Event event) {
    if (event instanceof FederationEvent.ClientJoined join) {
      joined = Optional.of(join);
      connected = true;
    } else if (event instanceof FederationEvent.ClientLeft) {
      connected = false;
    } else if (event instanceof FederationEvent.ClientReported report) {
      report(report);
    } else if (event instanceof FederationEvent.ClientLate lateness) {
      late(lateness.round());
    } else if (event instanceof FederationEvent.UpdateRefused) {
      refused++;
    }
  }

  private void report(FederationEvent.ClientReported report) {
    reports.put(report.round(), report);
    if (report.loss().isPresent()) {
      lastWithLoss = Optional.of(report);
    }
    if (reports.size() > ROUNDS_AGAIN) {
      Iterator<FederationEvent.ClientReported> oldest = reports.values().iterator();
      FederationEvent.ClientReported folded = oldest.next();
      oldest.remove();
      olderReports++;
      olderBytes += folded.bytes();
      olderSeconds += folded.seconds();
    }
  }

  private void late(String round) {
    if (!lateRounds.contains(round)) {
      late++;
      lateRounds.addLast(round);
      if (lateRounds.size() > ROUNDS_AGAIN) {
        lateRounds.removeFirst();
      }
    }
  }

  String name() {
    return name;
  }

  int reported() {
    return olderReports + reports.size();
  }

  boolean reportedIn(String round) {
    return reports.containsKey(round);
  }

  ObjectNode json() {
    ObjectNode row = ViewJson.object().put("client", name).put("connected", connected);
    joined.ifPresent(
        join ->
            row.put("cap", join.densityCap())
                .put("width", join.width().orElse(1))
                .put("examples", join.examples())
                .put("software", join.software()));
    row.put("reported", reported()).put("late", late).put("refused", refused);
    row.put("bytes", olderBytes + reports.values().stream().mapToLong(each -> each.bytes()).sum());
    if (reported() > 0) {
      double seconds = olderSeconds;
      for (FederationEvent.ClientReported each : reports.values()) {
        seconds += each.seconds();
      }
      ViewJson.putFinite(row, "seconds", seconds / reported());
    }
    lastWithLoss
        .filter(report -> Double.isFinite(report.loss().getAsDouble()))
        .ifPresent(
            report -> row.put("loss", report.loss().getAsDouble()).put("round", report.round()));
    return row;
  }
}
