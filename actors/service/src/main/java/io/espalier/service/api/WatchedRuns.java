package io.espalier.service.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.service.RunPage;
import io.espalier.service.RunQuery;
import io.espalier.service.RunService;
import io.espalier.service.RunStatus;
import io.espalier.service.dashboard.ServiceSubject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * The newest {@value #MOST_RUNS} runs as the API tells of them, by their ids, and the service under
 * the empty name, for the dashboard. All viewers share one question per second; nobody asks while
 * nobody looks. Thread-safe.
 */
final class WatchedRuns implements ServiceSubject {
  private static final int MOST_RUNS = 500;
  private static final String SERVICE = "";
  private static final long KEEP_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_SECONDS = 10;
  private static final RunQuery NEWEST = new RunQuery(Set.of(), "", MOST_RUNS, Optional.empty());

  private final RunService service;
  private final ServiceDescription.Source description;
  private Optional<CompletableFuture<Map<String, JsonNode>>> asked = Optional.empty();
  private long askedAt;

  WatchedRuns(RunService service, ServiceDescription.Source description) {
    this.service = service;
    this.description = description;
  }

  @Override
  public synchronized CompletionStage<Map<String, JsonNode>> parts() {
    boolean isOld = System.nanoTime() - askedAt >= KEEP_NANOS;
    if (asked.isEmpty() || (asked.get().isDone() && isOld)) {
      askedAt = System.nanoTime();
      asked = Optional.of(ask());
    }
    return asked.get();
  }

  private CompletableFuture<Map<String, JsonNode>> ask() {
    return service
        .list(NEWEST)
        .thenCombine(description.describe(), (runs, described) -> documents(runs, described))
        .toCompletableFuture()
        .orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS);
  }

  private static Map<String, JsonNode> documents(RunPage page, ServiceDescription description) {
    Map<String, JsonNode> parts = new HashMap<>();
    List<RunStatus> runs = page.runs();
    runs.forEach(run -> parts.put(run.run(), RunDocuments.status(run)));
    parts.put(SERVICE, ServiceDocument.of(description));
    return Map.copyOf(parts);
  }
}
