package io.espalier.service.run;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The attempts of this node. They and their facts outlive the restart of an entity, such as one
 * whose journal was unavailable: a fact stays here until it is in the journal. Thread-safe.
 */
public final class AttemptRegistry {
  /** Longer than a split-brain resolver takes to end one side. */
  private static final Duration LOST_FOR = Duration.ofSeconds(30);

  private final RunLauncher launcher;
  private final Map<String, RunAttempt> attempts = new ConcurrentHashMap<>();
  private final Map<String, Long> lostAtNs = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private volatile Optional<String> closing = Optional.empty();

  public AttemptRegistry(RunLauncher launcher) {
    this.launcher = launcher;
  }

  /** Pauses every attempt; completes when the journal has all ends. */
  public CompletionStage<Void> drain(String why) {
    closing = Optional.of(why);
    attempts.values().forEach(RunAttempt::pause);
    completeIfDrained();
    return drained;
  }

  public int size() {
    return attempts.size();
  }

  Optional<String> closing() {
    return closing;
  }

  void start(RunLauncher.Order order, Runnable nudge) {
    RunAttempt attempt = new RunAttempt(order, nudge);
    attempts.put(order.run(), attempt);
    attempt.start(launcher);
    if (closing.isPresent()) {
      attempt.pause();
    }
  }

  Optional<RunAttempt> find(String run) {
    return Optional.ofNullable(attempts.get(run));
  }

  /** Removes an attempt whose end is in the journal. */
  void release(String run) {
    attempts.remove(run);
    completeIfDrained();
  }

  /** Cancels and removes the attempt of an entity that is gone. */
  void abandon(String run) {
    Optional.ofNullable(attempts.remove(run)).ifPresent(RunAttempt::cancel);
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
