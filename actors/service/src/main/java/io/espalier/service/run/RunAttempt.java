package io.espalier.service.run;

import io.espalier.configs.fault.FailureText;
import io.espalier.trainer.checkpoint.FencedException;
import io.espalier.training.RunHandle;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt, on its own thread, and its facts that are not in the journal yet. A pause or
 * cancellation before the work has begun waits for it. Thread-safe.
 */
final class RunAttempt implements RunLauncher.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(RunAttempt.class);

  private final RunSpec spec;
  private final RunLauncher.Order order;
  private final Runnable nudge;
  private final StepPace pace = new StepPace();
  private final PendingAlerts alerts;
  private final AtomicBoolean nudged = new AtomicBoolean();
  private final Deque<Fact> facts = new ArrayDeque<>();
  private Optional<RunHandle> handle = Optional.empty();
  private boolean pauseRequested;
  private boolean cancelRequested;
  private Optional<String> interruption = Optional.empty();
  private volatile Optional<RunLauncher.Progress> progress = Optional.empty();
  private volatile OptionalLong startStep = OptionalLong.empty();
  private volatile OptionalLong totalSteps = OptionalLong.empty();
  private volatile OptionalLong endedNs = OptionalLong.empty();

  record Fact(Optional<LifecycleEvent> event, Optional<RunResult> result) {}

  /**
   * How far an attempt is, for metrics.
   *
   * @param active whether it goes on
   * @param step empty until recipe, data and checkpoint are read
   * @param stepsPerSecond empty once it has ended, and before two reports
   */
  record Reached(
      String run,
      RunSpec spec,
      boolean active,
      OptionalLong step,
      OptionalLong totalSteps,
      OptionalDouble stepsPerSecond,
      Optional<RunLauncher.Progress> progress) {}

  /** Calls {@code nudge} when {@link #next} has something new. */
  RunAttempt(RunSpec spec, RunLauncher.Order order, Runnable nudge, PendingAlerts alerts) {
    this.spec = spec;
    this.order = order;
    this.nudge = nudge;
    this.alerts = alerts;
  }

  void start(RunLauncher launcher) {
    Thread thread = new Thread(() -> run(launcher), "espalier-attempt-" + order.run());
    thread.setDaemon(true);
    thread.start();
  }

  String run() {
    return order.run();
  }

  long term() {
    return order.term();
  }

  Optional<RunLauncher.Progress> progress() {
    return progress;
  }

  Reached reached(long nowNs) {
    Optional<RunLauncher.Progress> now = progress;
    boolean active = endedNs.isEmpty();
    return new Reached(
        order.run(),
        spec,
        active,
        now.isPresent() ? OptionalLong.of(now.get().step()) : startStep,
        totalSteps,
        active ? pace.perSecond(nowNs) : OptionalDouble.empty(),
        now);
  }

  /** When it ended, by {@link System#nanoTime}. */
  OptionalLong endedNs() {
    return endedNs;
  }

  /** Pauses or cancels it where the journal has that request. */
  void obey(RunPhase phase) {
    if (phase instanceof RunPhase.Pausing) {
      pause();
    } else if (phase instanceof RunPhase.Cancelling) {
      cancel();
    }
  }

  synchronized void pause() {
    pauseRequested = true;
    handle.ifPresent(RunHandle::pause);
  }

  /** Requests a checkpoint at the next sync, if the work has begun. */
  synchronized void checkpoint() {
    handle.ifPresent(RunHandle::checkpoint);
  }

  synchronized void cancel() {
    cancelRequested = true;
    handle.ifPresent(RunHandle::cancel);
  }

  /** Ends the attempt at once for that cause; the run goes on from its newest checkpoint. */
  synchronized void interrupt(String cause) {
    interruption = Optional.of(cause);
    handle.ifPresent(begun -> begun.interrupt(cause));
  }

  /** The oldest fact that the journal lacks; a nudge follows each that comes after this call. */
  synchronized Optional<Fact> next() {
    nudged.set(false);
    return Optional.ofNullable(facts.peekFirst());
  }

  /** Removes the fact that {@link #next} returned: the journal has it. */
  synchronized void taken() {
    facts.pollFirst();
  }

  /** Every end is reported: a run must not wait for an attempt that is gone. */
  private void run(RunLauncher launcher) {
    RunResult result;
    try {
      result = launcher.run(order, this);
    } catch (IOException | RuntimeException | Error e) {
      LOG.debug("attempt {} at run {} failed", order.term(), order.run(), e);
      result = failure(e);
    }
    ended(result);
  }

  static RunResult failure(Throwable cause) {
    if (cause instanceof FencedException fenced) {
      return new RunResult.Fenced(fenced.by());
    }
    String text = FailureText.of(cause);
    return cause instanceof RemotePlacement.NodeUnavailableException
        ? new RunResult.NodeLost(0, text)
        : new RunResult.Failed(0, text);
  }

  private synchronized void ended(RunResult result) {
    handle = Optional.empty();
    endedNs = OptionalLong.of(System.nanoTime());
    boolean cancelled = cancelRequested && result instanceof RunResult.Paused;
    add(new Fact(Optional.empty(), Optional.of(cancelled ? new RunResult.Cancelled(0) : result)));
  }

  @Override
  public synchronized boolean isCancelled() {
    return cancelRequested;
  }

  @Override
  public synchronized Optional<String> interruption() {
    return interruption;
  }

  @Override
  public synchronized void started(RunHandle begun) {
    handle = Optional.of(begun);
    startStep = OptionalLong.of(begun.startStep());
    totalSteps = OptionalLong.of(begun.totalSteps());
    pace.note(begun.startStep(), System.nanoTime());
    add(new LifecycleEvent.Ready(begun.startStep(), begun.totalSteps()));
    if (cancelRequested) {
      begun.cancel();
    } else if (interruption.isPresent()) {
      begun.interrupt(interruption.get());
    } else if (pauseRequested) {
      begun.pause();
    }
  }

  @Override
  public void progressed(RunLauncher.Progress now) {
    progress = Optional.of(now);
    pace.note(now.step(), System.nanoTime());
    nudgeOnce();
  }

  /** Only the newest of the checkpoints that wait for the journal counts. */
  @Override
  public synchronized void checkpointed(long step) {
    boolean waits =
        facts.size() > 1
            && facts.getLast().event().orElse(null) instanceof LifecycleEvent.Checkpointed;
    if (waits) {
      facts.removeLast();
    }
    add(new LifecycleEvent.Checkpointed(step));
  }

  @Override
  public void alerted(String kind, long step, String text) {
    alerts.add(order.run(), order.term(), kind, step, text);
    nudgeOnce();
  }

  private void add(LifecycleEvent event) {
    add(new Fact(Optional.of(event), Optional.empty()));
  }

  private void add(Fact fact) {
    facts.addLast(fact);
    nudgeOnce();
  }

  private void nudgeOnce() {
    if (nudged.compareAndSet(false, true)) {
      nudge.run();
    }
  }
}
