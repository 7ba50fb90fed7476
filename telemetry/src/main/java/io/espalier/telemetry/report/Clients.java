package io.espalier.telemetry.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.FederationEvent.ClientJoined;
import io.espalier.telemetry.event.FederationEvent.ClientLate;
import io.espalier.telemetry.event.FederationEvent.ClientLeft;
import io.espalier.telemetry.event.FederationEvent.ClientReported;
import io.espalier.telemetry.event.FederationEvent.UpdateRefused;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What each client of a federation did, and what was refused. */
final class Clients {
  /** The most clients that a report lists. */
  static final int MOST_CLIENTS = 500;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final RunHistory history;
  private final SortedMap<String, Client> clients = new TreeMap<>();

  private static final class Client {
    private Optional<ClientJoined> joined = Optional.empty();
    private boolean connected;
    // A round that was taken up again may be told twice; what was said last holds.
    private final Map<String, ClientReported> reports = new LinkedHashMap<>();
    private final Set<String> late = new HashSet<>();
    private int refused;

    void take(Event event) {
      if (event instanceof ClientJoined join) {
        joined = Optional.of(join);
        connected = true;
      } else if (event instanceof ClientLeft) {
        connected = false;
      } else if (event instanceof ClientReported report) {
        reports.put(report.round(), report);
      } else if (event instanceof ClientLate lateness) {
        late.add(lateness.round());
      } else if (event instanceof UpdateRefused) {
        refused++;
      }
    }
  }

  private static final class Refusals {
    private int count;
    private final Set<String> clients = new HashSet<>();
    private String last = "";
  }

  Clients(RunHistory history) {
    this.history = history;
    history
        .envelopes()
        .forEach(
            envelope -> {
              Event event = envelope.event();
              nameIn(event)
                  .ifPresent(
                      name -> clients.computeIfAbsent(name, key -> new Client()).take(event));
            });
  }

  private static Optional<String> nameIn(Event event) {
    boolean ofClient =
        event instanceof ClientJoined
            || event instanceof ClientLeft
            || event instanceof ClientReported
            || event instanceof ClientLate
            || event instanceof UpdateRefused;
    return ofClient ? event.subject() : Optional.empty();
  }

  int count() {
    return clients.size();
  }

  /** The clients by name; where there are too many, those that reported most. */
  ArrayNode json() {
    List<Map.Entry<String, Client>> shown =
        clients.entrySet().stream()
            .sorted(Comparator.comparingInt(each -> -each.getValue().reports.size()))
            .limit(MOST_CLIENTS)
            .sorted(Map.Entry.comparingByKey())
            .toList();
    ArrayNode rows = JSON.arrayNode();
    shown.forEach(each -> rows.add(row(each.getKey(), each.getValue())));
    return rows;
  }

  private static ObjectNode row(String name, Client client) {
    ObjectNode row = JSON.objectNode().put("client", name).put("connected", client.connected);
    client.joined.ifPresent(
        joined -> row.put("cap", joined.densityCap()).put("examples", joined.examples()));
    row.put("reported", client.reports.size());
    row.put("late", client.late.size());
    row.put("refused", client.refused);
    row.put("bytes", client.reports.values().stream().mapToLong(ClientReported::bytes).sum());
    client.reports.values().stream()
        .mapToDouble(ClientReported::seconds)
        .average()
        .ifPresent(seconds -> row.put("seconds", seconds));
    client.reports.values().stream()
        .filter(report -> report.loss().isPresent())
        .reduce((older, newer) -> newer)
        .filter(report -> Double.isFinite(report.loss().getAsDouble()))
        .ifPresent(
            report -> row.put("loss", report.loss().getAsDouble()).put("round", report.round()));
    return row;
  }

  /** One object per reason, the most frequent first: {@code {reason, count, clients, last}}. */
  ArrayNode refusals() {
    Map<String, Refusals> byReason = new HashMap<>();
    history
        .all(UpdateRefused.class)
        .forEach(
            refused -> {
              Refusals all = byReason.computeIfAbsent(refused.reason(), key -> new Refusals());
              all.count++;
              refused.client().ifPresent(all.clients::add);
              all.last = refused.detail();
            });
    ArrayNode rows = JSON.arrayNode();
    byReason.entrySet().stream()
        .sorted(
            Comparator.comparingInt((Map.Entry<String, Refusals> each) -> -each.getValue().count)
                .thenComparing(Map.Entry.comparingByKey()))
        .forEach(
            each ->
                rows.addObject()
                    .put("reason", each.getKey())
                    .put("count", each.getValue().count)
                    .put("clients", each.getValue().clients.size())
                    .put("last", each.getValue().last));
    return rows;
  }
}
