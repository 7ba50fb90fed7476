package io.espalier.service.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.service.RefusedRequestException;
import io.espalier.service.RunService;
import io.espalier.service.RunStatus;
import io.espalier.service.http.ApiJson;
import io.espalier.service.http.ProblemMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What all who listen to one run share: one look at its file per interval, one question for its
 * state per second, and the index of its lines. Thread-safe.
 */
final class RunFeed {
  private static final long ASK_NANOS = Duration.ofSeconds(1).toNanos();

  private final String run;
  private final Path file;
  private final RunService service;
  private final Duration heartbeat;
  private final LineIndex index = new LineIndex();
  private final List<Waiting> waiting = new ArrayList<>();
  private Optional<byte[]> end = Optional.empty();
  private boolean closing;
  private boolean asking;
  private long asked = System.nanoTime();

  /** Why a wait is over. */
  enum Signal {
    CHANGED,
    HEARTBEAT
  }

  private record Waiting(FileState seen, long deadline, CompletableFuture<Signal> over) {}

  RunFeed(String run, Path file, RunService service, Duration heartbeat) {
    this.run = run;
    this.file = file;
    this.service = service;
    this.heartbeat = heartbeat;
  }

  EventReader reader(long after) {
    return new EventReader(file, index, after);
  }

  /** The run's last status, as JSON, once it has ended: nothing is written after it. */
  synchronized Optional<byte[]> end() {
    return end;
  }

  synchronized boolean isClosing() {
    return closing;
  }

  /** Over when the file is not as it was seen, the run has ended, or nothing happens for long. */
  synchronized CompletionStage<Signal> await(FileState seen) {
    var over = new CompletableFuture<Signal>();
    if (closing || end.isPresent()) {
      over.complete(Signal.CHANGED);
    } else {
      waiting.add(new Waiting(seen, System.nanoTime() + heartbeat.toNanos(), over));
    }
    return over;
  }

  /** Looks, if anybody waits. */
  void look() {
    if (!isAwaited()) {
      return;
    }
    try {
      wake(Optional.of(FileState.of(file)));
    } catch (IOException e) {
      wake(Optional.empty());
    }
    if (mayAsk()) {
      service.status(run).whenComplete(this::heard);
    }
  }

  void told(RunStatus status) {
    if (status.state().isEnded()) {
      ended(RunDocuments.status(status));
    } else {
      goesOn();
    }
  }

  /** A failed run may have been resumed since. */
  private synchronized void goesOn() {
    end = Optional.empty();
  }

  void close() {
    synchronized (this) {
      closing = true;
    }
    wake(Optional.empty());
  }

  private synchronized boolean isAwaited() {
    return !waiting.isEmpty();
  }

  private void wake(Optional<FileState> state) {
    long now = System.nanoTime();
    List<Waiting> changed = new ArrayList<>();
    List<Waiting> silent = new ArrayList<>();
    synchronized (this) {
      Iterator<Waiting> each = waiting.iterator();
      while (each.hasNext()) {
        Waiting one = each.next();
        boolean differs = state.isPresent() && !state.get().equals(one.seen());
        if (differs || closing || end.isPresent()) {
          changed.add(one);
          each.remove();
        } else if (now - one.deadline() >= 0) {
          silent.add(one);
          each.remove();
        }
      }
    }
    changed.forEach(each -> each.over().complete(Signal.CHANGED));
    silent.forEach(each -> each.over().complete(Signal.HEARTBEAT));
  }

  private synchronized boolean mayAsk() {
    boolean may = !asking && end.isEmpty() && System.nanoTime() - asked >= ASK_NANOS;
    if (may) {
      asking = true;
      asked = System.nanoTime();
    }
    return may;
  }

  private void heard(@Nullable RunStatus status, @Nullable Throwable failure) {
    synchronized (this) {
      asking = false;
    }
    if (status != null) {
      told(status);
    } else if (failure != null && isGone(failure)) {
      ended(ApiJson.object().put("run", run).put("state", "deleted"));
    }
  }

  private static boolean isGone(Throwable failure) {
    return ProblemMapper.cause(failure) instanceof RefusedRequestException refused
        && refused.reason() == RefusedRequestException.Reason.NO_SUCH_RUN;
  }

  private void ended(ObjectNode status) {
    synchronized (this) {
      end = Optional.of(ApiJson.bytes(status));
    }
    wake(Optional.empty());
  }
}
