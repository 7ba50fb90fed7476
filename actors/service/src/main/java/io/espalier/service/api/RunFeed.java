package io.espalier.service.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.configs.file.Json;
import io.espalier.service.RefusedRequestException;
import io.espalier.service.RunService;
import io.espalier.service.RunStatus;
import io.espalier.service.http.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Shared by all listeners of one run: one look at its file per interval, one status request per
 * second, and the index of its lines. Thread-safe.
 */
final class RunFeed {
  private static final long ASK_NANOS = Duration.ofSeconds(1).toNanos();

  private final String run;
  private final Path file;
  private final RunService service;
  private final Duration heartbeat;
  private final LineIndex index = new LineIndex();
  private final Set<Waiting> waiting = new HashSet<>();
  private Optional<JsonNode> end = Optional.empty();
  private boolean closing;
  private boolean asking;
  private long asked = System.nanoTime();

  enum Signal {
    CHANGED,
    HEARTBEAT
  }

  private record Waiting(LineIndex.FileState seen, long deadline, CompletableFuture<Signal> over) {}

  RunFeed(String run, Path file, RunService service, Duration heartbeat) {
    this.run = run;
    this.file = file;
    this.service = service;
    this.heartbeat = heartbeat;
  }

  EventReader reader(long after) {
    return new EventReader(file, index, after);
  }

  /** The run's last status once it has ended: nothing is written after it. */
  synchronized Optional<JsonNode> end() {
    return end;
  }

  synchronized boolean isClosing() {
    return closing;
  }

  /** Completes when the file differs from {@code seen}, the run ended, or a heartbeat is due. */
  synchronized CompletionStage<Signal> await(LineIndex.FileState seen) {
    var over = new CompletableFuture<Signal>();
    if (closing || end.isPresent()) {
      over.complete(Signal.CHANGED);
    } else {
      waiting.add(new Waiting(seen, System.nanoTime() + heartbeat.toNanos(), over));
    }
    return over;
  }

  /** Checks the file, and once a second the run, if a listener waits. */
  void look() {
    synchronized (this) {
      if (waiting.isEmpty()) {
        return;
      }
    }
    try {
      wake(Optional.of(LineIndex.FileState.of(file)));
    } catch (IOException e) {
      wake(Optional.empty());
    }
    synchronized (this) {
      if (asking || end.isPresent() || System.nanoTime() - asked < ASK_NANOS) {
        return;
      }
      asking = true;
      asked = System.nanoTime();
    }
    service.status(run).whenComplete(this::answered);
  }

  void update(RunStatus status) {
    if (status.state().isEnded()) {
      end(RunDocuments.status(status));
    } else {
      // A failed run may have been resumed since.
      synchronized (this) {
        end = Optional.empty();
      }
    }
  }

  void close() {
    synchronized (this) {
      closing = true;
    }
    wake(Optional.empty());
  }

  private void wake(Optional<LineIndex.FileState> state) {
    long now = System.nanoTime();
    Map<Waiting, Signal> woken = new HashMap<>();
    synchronized (this) {
      for (Waiting each : waiting) {
        boolean differs = state.isPresent() && !state.get().equals(each.seen());
        if (differs || closing || end.isPresent()) {
          woken.put(each, Signal.CHANGED);
        } else if (now - each.deadline() >= 0) {
          woken.put(each, Signal.HEARTBEAT);
        }
      }
      waiting.removeAll(woken.keySet());
    }
    woken.forEach((each, signal) -> each.over().complete(signal));
  }

  private void answered(@Nullable RunStatus status, @Nullable Throwable failure) {
    synchronized (this) {
      asking = false;
    }
    if (status != null) {
      update(status);
    } else if (failure != null
        && Problem.cause(failure) instanceof RefusedRequestException refused
        && refused.reason() == RefusedRequestException.Reason.NO_SUCH_RUN) {
      end(Json.LENIENT.createObjectNode().put("run", run).put("state", "deleted"));
    }
  }

  private void end(JsonNode status) {
    synchronized (this) {
      end = Optional.of(status);
    }
    wake(Optional.empty());
  }
}
