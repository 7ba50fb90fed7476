package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.Topic;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;

final class ClientsView {
  static final int MOST_LISTED = 500;

  /** Further clients are ignored. */
  static final int MOST_KNOWN = 5_000;

  private final SortedMap<String, ClientView> clients = new TreeMap<>();

  void take(Envelope envelope) {
    Event event = envelope.event();
    if (envelope.topic() == Topic.CLIENTS) {
      event
          .subject()
          .filter(name -> clients.containsKey(name) || clients.size() < MOST_KNOWN)
          .ifPresent(name -> clients.computeIfAbsent(name, ClientView::new).take(event));
    }
  }

  int count() {
    return clients.size();
  }

  long reportedIn(String round) {
    return clients.values().stream().filter(client -> client.reportedIn(round)).count();
  }

  /** Returns the clients by name; if there are too many, those with the most reports. */
  ArrayNode json() {
    ArrayNode rows = ViewJson.array();
    clients.values().stream()
        .sorted(Comparator.comparingInt(client -> -client.reported()))
        .limit(MOST_LISTED)
        .sorted(Comparator.comparing(ClientView::name))
        .forEach(client -> rows.add(client.json()));
    return rows;
  }
}
