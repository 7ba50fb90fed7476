package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.FederationEvent.TierEvaluated;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The global model per density cap and width. Whole-network series are {@code tier/0.05/accuracy},
 * half-width ones {@code tier/0.05/0.5/accuracy}; {@code loss} and {@code bitsPerCharacter}
 * likewise. Not thread-safe.
 */
final class TiersView {
  private static final int MOST = 50;

  private final VoidedSteps voided;
  private final SeriesSet series;
  private final SortedMap<Tier, RecentWindow<Integer>> clients = new TreeMap<>(Tier.ORDER);

  private record Tier(double density, double width) {
    static final Comparator<Tier> ORDER =
        Comparator.comparingDouble(Tier::width).thenComparingDouble(Tier::density);

    boolean isNarrow() {
      return width < 1;
    }

    String series() {
      return "tier/" + density + (isNarrow() ? "/" + width : "");
    }

    ObjectNode json() {
      ObjectNode json = ViewJson.object().put("density", density);
      return isNarrow() ? json.put("width", width) : json;
    }
  }

  TiersView(VoidedSteps voided, SeriesSet series) {
    this.voided = voided;
    this.series = series;
  }

  void take(int attempt, TierEvaluated event) {
    Tier tier = new Tier(event.density(), event.width().orElse(1));
    if (clients.containsKey(tier) || clients.size() < MOST) {
      long round = event.completedRounds();
      clients
          .computeIfAbsent(tier, each -> new RecentWindow<>(voided, 4))
          .put(attempt, round, event.clients());
      series.put(tier.series() + "/accuracy", attempt, round, event.accuracy());
      series.put(tier.series() + "/loss", attempt, round, event.loss());
      event
          .bitsPerCharacter()
          .ifPresent(bits -> series.put(tier.series() + "/bitsPerCharacter", attempt, round, bits));
    }
  }

  /** Adds {@code {density, width, clients}} of each, the narrowest first; no width where whole. */
  void addTo(ArrayNode rows) {
    clients.forEach(
        (tier, counts) ->
            counts.newest().ifPresent(count -> rows.add(tier.json().put("clients", count))));
  }
}
