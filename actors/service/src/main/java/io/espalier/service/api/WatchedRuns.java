package io.espalier.service.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.service.ApiJson;
import io.espalier.service.RunPage;
import io.espalier.service.RunQuery;
import io.espalier.service.RunService;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The newest {@value #MOST_RUNS} runs by their ids, and the service under the empty name, as JSON
 * for the dashboard. All viewers share one request per second; without viewers there is none.
 * Thread-safe.
 */
final class WatchedRuns implements Supplier<CompletionStage<Map<String, JsonNode>>> {
  private static final int MOST_RUNS = 500;
  private static final String SERVICE = "";
  private static final long KEEP_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_SECONDS = 10;
  private static final RunQuery NEWEST = new RunQuery(Set.of(), "", MOST_RUNS, Optional.empty());

  private final RunService service;
  private final ServiceDescription.Source description;
  private Optional<CompletableFuture<Map<String, JsonNode>>> answer = Optional.empty();
  private long requested;

  WatchedRuns(RunService service, ServiceDescription.Source description) {
    this.service = service;
    this.description = description;
  }

  @Override
  public synchronized CompletionStage<Map<String, JsonNode>> get() {
    boolean isOld = System.nanoTime() - requested >= KEEP_NANOS;
    if (answer.isEmpty() || (answer.get().isDone() && isOld)) {
      requested = System.nanoTime();
      answer =
          Optional.of(
              service
                  .list(NEWEST)
                  .thenCombine(description.describe(), WatchedRuns::documents)
                  .toCompletableFuture()
                  .orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS));
    }
    return answer.get();
  }

  private static Map<String, JsonNode> documents(RunPage page, ServiceDescription description) {
    Map<String, JsonNode> parts = new HashMap<>();
    page.runs().forEach(run -> parts.put(run.run(), RunDocuments.status(run)));
    parts.put(SERVICE, ApiJson.tree(description));
    return Map.copyOf(parts);
  }
}
