package io.espalier.service.worker;

import io.espalier.service.run.RunLauncher;
import io.espalier.training.RunHandle;
import io.espalier.training.RunResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** One attempt in a worker, as its service sees it. The owner's thread calls {@link #await}. */
final class WorkerAttempt implements RunHandle {
  private static final Duration LOOK = Duration.ofMillis(250);
  private static final Duration EXIT_LIMIT = Duration.ofSeconds(10);
  private static final Duration CANCEL_LIMIT = Duration.ofSeconds(30);
  private static final Duration INTERRUPT_LIMIT = Duration.ofSeconds(5);

  private final RunLauncher.Order order;
  private final RunLauncher.Listener listener;
  private final WorkerProcess worker;
  private final WorkerLog log;
  private final WorkerWatch watch;
  private Optional<WorkerMessage.Started> started = Optional.empty();
  private Optional<Long> endingNs = Optional.empty();
  private long step;

  WorkerAttempt(
      RunLauncher.Order order,
      RunLauncher.Listener listener,
      WorkerProcess worker,
      WorkerLog log,
      WorkerWatch watch) {
    this.order = order;
    this.listener = listener;
    this.worker = worker;
    this.log = log;
    this.watch = watch;
  }

  @Override
  public long startStep() {
    return started.map(WorkerMessage.Started::startStep).orElse(0L);
  }

  @Override
  public long totalSteps() {
    return started.map(WorkerMessage.Started::totalSteps).orElse(0L);
  }

  @Override
  public void pause() {
    worker.send(new WorkerMessage.Pause());
  }

  @Override
  public void checkpoint() {
    worker.send(new WorkerMessage.Checkpoint());
  }

  @Override
  public void cancel() {
    worker.send(new WorkerMessage.Cancel());
  }

  @Override
  public void interrupt(String cause) {
    worker.send(new WorkerMessage.Interrupt(cause));
  }

  @Override
  public RunResult await() {
    try {
      return follow();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new RunResult.Failed(step, "the attempt was interrupted");
    }
  }

  private RunResult follow() throws InterruptedException {
    while (true) {
      boolean alive = worker.isAlive();
      Optional<WorkerMessage> message = worker.next(LOOK);
      if (message.isPresent()) {
        watch.heard(System.nanoTime());
        if (message.get() instanceof WorkerMessage.Ended ended) {
          return ended.result();
        }
        take(message.get());
      } else if (!alive) {
        return died(Optional.empty());
      }
      Optional<String> broken = watch.problem(System.nanoTime());
      if (broken.isPresent()) {
        return died(broken);
      }
      if (isOverdue()) {
        worker.end(Duration.ZERO);
        return listener.isCancelled()
            ? new RunResult.Cancelled(step)
            : new RunResult.Interrupted(step, listener.interruption().orElseThrow());
      }
    }
  }

  private void take(WorkerMessage message) {
    if (message instanceof WorkerMessage.Started now) {
      started = Optional.of(now);
      step = now.startStep();
      listener.started(this);
    } else if (message instanceof WorkerMessage.Progressed now) {
      step = now.progress().step();
      listener.progressed(now.progress());
    } else if (message instanceof WorkerMessage.Checkpointed now) {
      listener.checkpointed(now.step());
    } else if (message instanceof WorkerMessage.Alerted now) {
      listener.alerted(now.kind(), now.step(), now.text());
    }
  }

  /** Also what hangs before its first step can be ended: it gets some time. */
  private boolean isOverdue() {
    boolean cancelled = listener.isCancelled();
    if (!cancelled && listener.interruption().isEmpty()) {
      return false;
    }
    long nowNs = System.nanoTime();
    if (endingNs.isEmpty()) {
      endingNs = Optional.of(nowNs);
      if (cancelled) {
        cancel();
      } else {
        listener.interruption().ifPresent(this::interrupt);
      }
    }
    Duration limit = cancelled ? CANCEL_LIMIT : INTERRUPT_LIMIT;
    return nowNs - endingNs.get() > limit.toNanos();
  }

  private RunResult died(Optional<String> broken) throws InterruptedException {
    int exitCode = worker.end(broken.isPresent() ? Duration.ZERO : EXIT_LIMIT);
    Optional<WorkerMessage> late = worker.next(Duration.ZERO);
    while (late.isPresent()) {
      if (late.get() instanceof WorkerMessage.Ended ended) {
        return ended.result();
      }
      take(late.get());
      late = worker.next(Duration.ZERO);
    }
    Path directory = order.directory();
    return new RunResult.Crashed(
        step, new WorkerDeath(order.run(), exitCode, broken, directory, log.last()).cause());
  }

  @Override
  public void close() {
    worker.close();
  }
}
