package io.espalier.service.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The attempts of this node. They and their facts outlive the restart of an entity, such as one
 * whose journal was unavailable: a fact stays here until it is in the journal. Thread-safe.
 */
public final class AttemptRegistry {
  /** Longer than a split-brain resolver takes to end one side. */
  private static final Duration LOST_FOR = Duration.ofSeconds(30);

  private static final Duration ENDED_FOR = Duration.ofMinutes(10);
  private static final int MOST_ENDED = 20;

  private static final Logger LOG = LoggerFactory.getLogger(AttemptRegistry.class);

  private final RunLauncher launcher;
  private final Map<String, RunAttempt> attempts = new ConcurrentHashMap<>();
  private final PendingAlerts alerts = new PendingAlerts();
  private final Map<String, Long> lostAtNs = new ConcurrentHashMap<>();
  private final Deque<RunAttempt> ended = new ArrayDeque<>();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private volatile Optional<String> closing = Optional.empty();

  public AttemptRegistry(RunLauncher launcher) {
    this.launcher = launcher;
  }

  /**
   * Pauses every attempt, and interrupts those that reach no checkpoint within {@code limit};
   * completes when the journal has all ends.
   */
  public CompletionStage<Void> drain(String why, Duration limit) {
    closing = Optional.of(why);
    attempts.values().forEach(RunAttempt::pause);
    completeIfDrained();
    CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS)
        .execute(() -> interruptAll(why, limit));
    return drained;
  }

  private void interruptAll(String why, Duration limit) {
    String cause =
        "%s, and the run reached no checkpoint within %d s".formatted(why, limit.toSeconds());
    attempts.forEach(
        (run, attempt) -> {
          LOG.warn("a run must reach a checkpoint when its service stops: run={}, {}", run, cause);
          attempt.interrupt(cause);
        });
  }

  PendingAlerts alerts() {
    return alerts;
  }

  public int size() {
    return attempts.size();
  }

  Optional<String> closing() {
    return closing;
  }

  boolean isolates(List<TrainersOnNode> trainers) {
    return launcher.isolates(trainers);
  }

  void start(RunSpec spec, RunLauncher.Order order, Runnable nudge) {
    RunAttempt attempt = new RunAttempt(spec, order, nudge, alerts);
    synchronized (ended) {
      ended.removeIf(each -> each.run().equals(order.run()));
      attempts.put(order.run(), attempt);
    }
    attempt.start(launcher);
    if (closing.isPresent()) {
      attempt.pause();
    }
  }

  Optional<RunAttempt> find(String run) {
    return Optional.ofNullable(attempts.get(run));
  }

  /**
   * Removes an attempt whose end is in the journal; those that were the last of their runs are
   * shown for some minutes more.
   */
  void release(String run, boolean runEnded) {
    synchronized (ended) {
      RunAttempt released = attempts.remove(run);
      if (released != null && runEnded) {
        ended.addLast(released);
      }
      while (ended.size() > MOST_ENDED) {
        ended.removeFirst();
      }
    }
    completeIfDrained();
  }

  /** Forgets the figures of a run that is deleted. */
  void forget(String run) {
    synchronized (ended) {
      ended.removeIf(each -> each.run().equals(run));
    }
  }

  /** The attempts whose figures are shown: those that go on, and the last ones of ended runs. */
  List<RunAttempt> shown(long nowNs) {
    synchronized (ended) {
      ended.removeIf(each -> nowNs - each.endedNs().orElse(nowNs) > ENDED_FOR.toNanos());
      return Stream.concat(attempts.values().stream(), ended.stream()).toList();
    }
  }

  /** Ends and removes the attempt of an entity that is gone. */
  void abandon(String run) {
    Optional.ofNullable(attempts.remove(run))
        .ifPresent(attempt -> attempt.interrupt("its node does not go on with it"));
    completeIfDrained();
  }

  /** Abandons a run that another node owns; this one does not act for it for a while. */
  void lose(String run) {
    lostAtNs.put(run, System.nanoTime());
    abandon(run);
  }

  boolean isLost(String run) {
    lostAtNs.values().removeIf(at -> System.nanoTime() - at > LOST_FOR.toNanos());
    return lostAtNs.containsKey(run);
  }

  private void completeIfDrained() {
    if (closing.isPresent() && attempts.isEmpty()) {
      drained.complete(null);
    }
  }
}
