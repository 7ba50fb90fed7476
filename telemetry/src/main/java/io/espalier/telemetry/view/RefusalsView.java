package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.FederationEvent.UpdateRefused;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

final class RefusalsView {
  private static final int MOST_REASONS = 100;
  private static final int LONGEST_DETAIL = 500;

  private final Map<String, Reason> byReason = new HashMap<>();

  private static final class Reason {
    private final Set<String> clients = new HashSet<>();
    private int count;
    private String last = "";
  }

  void take(Envelope envelope) {
    if (envelope.event() instanceof UpdateRefused refused
        && (byReason.containsKey(refused.reason()) || byReason.size() < MOST_REASONS)) {
      Reason reason = byReason.computeIfAbsent(refused.reason(), key -> new Reason());
      reason.count++;
      refused
          .client()
          .filter(client -> reason.clients.size() < ClientsView.MOST_KNOWN)
          .ifPresent(reason.clients::add);
      String detail = refused.detail();
      reason.last = detail.substring(0, Math.min(LONGEST_DETAIL, detail.length()));
    }
  }

  /** Returns {@code [{reason, count, clients, last}]}, the most frequent first. */
  ArrayNode json() {
    ArrayNode rows = ViewJson.array();
    byReason.entrySet().stream()
        .sorted(
            Comparator.comparingInt((Map.Entry<String, Reason> each) -> -each.getValue().count)
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
