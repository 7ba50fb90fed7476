package io.espalier.service.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.service.ApiJson;
import io.espalier.service.notes.RunNote;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What users have written about runs, as JSON for the dashboard. All viewers share one reading per
 * second; without viewers there is none. Thread-safe.
 */
final class WatchedNotes implements Supplier<CompletionStage<Map<String, JsonNode>>> {
  private static final long KEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Source source;
  private final Executor threads;
  private Optional<CompletableFuture<Map<String, JsonNode>>> answer = Optional.empty();
  private long requested;

  /** Reads all notes by the ids of their runs. */
  @FunctionalInterface
  interface Source {
    Map<String, RunNote> read() throws IOException;
  }

  /** {@code threads} read files. */
  WatchedNotes(Source source, Executor threads) {
    this.source = source;
    this.threads = threads;
  }

  @Override
  public synchronized CompletionStage<Map<String, JsonNode>> get() {
    boolean isOld = System.nanoTime() - requested >= KEEP_NANOS;
    if (answer.isEmpty() || (answer.get().isDone() && isOld)) {
      requested = System.nanoTime();
      answer = Optional.of(CompletableFuture.supplyAsync(this::documents, threads));
    }
    return answer.get();
  }

  private Map<String, JsonNode> documents() {
    try {
      Map<String, JsonNode> parts = new HashMap<>();
      source.read().forEach((run, note) -> parts.put(run, ApiJson.tree(note)));
      return Map.copyOf(parts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
