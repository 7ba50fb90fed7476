package io.espalier.service.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.service.ApiJson;
import io.espalier.service.RunPage;
import io.espalier.service.RunQuery;
import io.espalier.service.RunService;
import io.espalier.service.View;
import io.espalier.service.dashboard.ServiceParts;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * The newest {@value #MOST_RUNS} runs of a view by their ids, and the service under the empty name,
 * as JSON for the dashboard. All viewers of one view share one request per second; without viewers
 * there is none. Thread-safe.
 */
final class WatchedRuns implements ServiceParts {
  private static final int MOST_RUNS = 500;
  private static final String SERVICE = "";
  private static final long KEEP_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_SECONDS = 10;
  private static final RunQuery NEWEST = new RunQuery(Set.of(), "", MOST_RUNS, Optional.empty());

  private final RunService service;
  private final ServiceDescription.Source description;
  private final Map<View, Requested> requests = new HashMap<>();

  private record Requested(CompletableFuture<Map<String, JsonNode>> answer, long atNs) {
    boolean isOld() {
      return answer.isDone() && System.nanoTime() - atNs >= KEEP_NANOS;
    }
  }

  WatchedRuns(RunService service, ServiceDescription.Source description) {
    this.service = service;
    this.description = description;
  }

  @Override
  public synchronized CompletionStage<Map<String, JsonNode>> of(View view) {
    requests.values().removeIf(Requested::isOld);
    return requests
        .computeIfAbsent(view, some -> new Requested(request(some), System.nanoTime()))
        .answer();
  }

  private CompletableFuture<Map<String, JsonNode>> request(View view) {
    return service
        .list(NEWEST.within(view))
        .thenCombine(description.describe(), (page, now) -> documents(page, now, view))
        .toCompletableFuture()
        .orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS);
  }

  private static Map<String, JsonNode> documents(
      RunPage page, ServiceDescription description, View view) {
    Map<String, JsonNode> parts = new HashMap<>();
    page.runs().forEach(run -> parts.put(run.run(), RunDocuments.status(view.shown(run))));
    parts.put(SERVICE, ApiJson.tree(description));
    return Map.copyOf(parts);
  }
}
