package io.espalier.service.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The attempts of this node. They and what they tell outlive the restart of an entity, such as one
 * whose journal was away: a fact stays here until it is in the journal. Thread-safe.
 */
public final class AttemptRegistry {
  private static final Logger LOG = LoggerFactory.getLogger(AttemptRegistry.class);

  /** Longer than a split-brain resolver takes to end one side. */
  private static final Duration LOST_FOR = Duration.ofSeconds(30);

  private final Attempts attempts;
  private final Map<String, Held> held = new ConcurrentHashMap<>();
  private final Map<String, Long> lostAtNs = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private volatile Optional<String> closing = Optional.empty();

  public AttemptRegistry(Attempts attempts) {
    this.attempts = attempts;
  }

  /** What an attempt told: an event, or its end. */
  record Fact(Optional<LifecycleEvent> event, Optional<AttemptEnd> end) {}

  /** Asks every attempt for a checkpoint and an end; completes when the journal has all ends. */
  public CompletionStage<Void> drain(String why) {
    closing = Optional.of(why);
    held.values().forEach(Held::pause);
    completeIfDrained();
    return drained;
  }

  /** Attempts that are on their way. */
  public int size() {
    return held.size();
  }

  Optional<String> closing() {
    return closing;
  }

  void start(AttemptOrder order, Runnable nudge) {
    Held attempt = new Held(order.term(), nudge);
    held.put(order.run(), attempt);
    try {
      attempt.begin(attempts.start(order, attempt));
    } catch (RuntimeException e) {
      LOG.warn("an attempt must start: run={}", order.run(), e);
      attempt.ended(new AttemptEnd.Failed(0, "the attempt could not start: " + e));
    }
    if (closing.isPresent()) {
      attempt.pause();
    }
  }

  Optional<Held> held(String run) {
    return Optional.ofNullable(held.get(run));
  }

  /** The journal has the attempt's end. */
  void release(String run) {
    held.remove(run);
    completeIfDrained();
  }

  /** Nobody listens to the attempt any more. */
  void abandon(String run) {
    Optional.ofNullable(held.remove(run)).ifPresent(Held::cancel);
    completeIfDrained();
  }

  /** Another node has the run: this one does not act for it while the cluster finds out. */
  void lose(String run) {
    lostAtNs.put(run, System.nanoTime());
    abandon(run);
  }

  boolean isLost(String run) {
    lostAtNs.values().removeIf(at -> System.nanoTime() - at > LOST_FOR.toNanos());
    return lostAtNs.containsKey(run);
  }

  private void completeIfDrained() {
    if (closing.isPresent() && held.isEmpty()) {
      drained.complete(null);
    }
  }

  /** One attempt, and what it told that is not in the journal yet. */
  static final class Held implements AttemptListener {
    private final long term;
    private final Runnable nudge;
    private final AtomicBoolean nudged = new AtomicBoolean();
    private final Deque<Fact> facts = new ArrayDeque<>();
    private final Deque<Consumer<Attempt>> wanted = new ArrayDeque<>();
    private Optional<Attempt> attempt = Optional.empty();
    private volatile Optional<AttemptProgress> progress = Optional.empty();

    private Held(long term, Runnable nudge) {
      this.term = term;
      this.nudge = nudge;
    }

    long term() {
      return term;
    }

    Optional<AttemptProgress> progress() {
      return progress;
    }

    void pause() {
      act(Attempt::pause);
    }

    void checkpoint() {
      act(Attempt::checkpoint);
    }

    void cancel() {
      act(Attempt::cancel);
    }

    /** The oldest fact that the journal lacks; a nudge follows each that comes after this call. */
    synchronized Optional<Fact> next() {
      nudged.set(false);
      return Optional.ofNullable(facts.peekFirst());
    }

    /** The journal has what {@link #next} gave. */
    synchronized void taken() {
      facts.pollFirst();
    }

    @Override
    public void started(long fromStep, long totalSteps) {
      tell(new LifecycleEvent.Ready(fromStep, totalSteps));
    }

    @Override
    public void progressed(AttemptProgress now) {
      progress = Optional.of(now);
      nudgeOnce();
    }

    /** Of checkpoints that wait for the journal only the newest counts. */
    @Override
    public synchronized void checkpointed(long step) {
      boolean waits =
          facts.size() > 1
              && facts.getLast().event().orElse(null) instanceof LifecycleEvent.Checkpointed;
      if (waits) {
        facts.removeLast();
      }
      tell(new LifecycleEvent.Checkpointed(step));
    }

    @Override
    public void ended(AttemptEnd end) {
      add(new Fact(Optional.empty(), Optional.of(end)));
    }

    private void tell(LifecycleEvent event) {
      add(new Fact(Optional.of(event), Optional.empty()));
    }

    private synchronized void add(Fact fact) {
      facts.addLast(fact);
      nudgeOnce();
    }

    private void nudgeOnce() {
      if (nudged.compareAndSet(false, true)) {
        nudge.run();
      }
    }

    private synchronized void begin(Attempt begun) {
      attempt = Optional.of(begun);
      wanted.forEach(act -> act.accept(begun));
      wanted.clear();
    }

    private synchronized void act(Consumer<Attempt> act) {
      attempt.ifPresentOrElse(act, () -> wanted.addLast(act));
    }
  }
}
