package io.espalier.service.worker;

import io.espalier.service.run.RunLauncher;
import io.espalier.training.RunHandle;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Reports an attempt to the service, and obeys its commands. Thread-safe. */
final class ServiceChannel implements RunLauncher.Listener {
  private static final Duration BEAT = Duration.ofSeconds(1);

  private final OutputStream reports;
  private volatile Optional<RunHandle> handle = Optional.empty();
  private volatile boolean cancelled;
  private volatile Optional<String> interruption = Optional.empty();

  ServiceChannel(OutputStream reports) {
    this.reports = reports;
  }

  /** A service that takes no line is gone; the end of the commands shows that. */
  void send(WorkerMessage message) {
    synchronized (reports) {
      try {
        reports.write(message.line());
        reports.flush();
      } catch (IOException e) {
        return;
      }
    }
  }

  /** Reports from now on that the attempt does not hang. */
  void beat() {
    ScheduledExecutorService beats =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "espalier-beats");
              thread.setDaemon(true);
              return thread;
            });
    var unused = beats.scheduleAtFixedRate(this::ask, 0, BEAT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void ask() {
    Runnable answer = () -> send(new WorkerMessage.Alive());
    handle.ifPresentOrElse(begun -> begun.ping(answer), answer);
  }

  synchronized void obey(WorkerMessage command) {
    if (command instanceof WorkerMessage.Pause) {
      handle.ifPresent(RunHandle::pause);
    } else if (command instanceof WorkerMessage.Checkpoint) {
      handle.ifPresent(RunHandle::checkpoint);
    } else if (command instanceof WorkerMessage.Cancel) {
      cancelled = true;
      handle.ifPresent(RunHandle::cancel);
    } else if (command instanceof WorkerMessage.Interrupt interrupt) {
      interruption = Optional.of(interrupt.cause());
      handle.ifPresent(begun -> begun.interrupt(interrupt.cause()));
    }
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public Optional<String> interruption() {
    return interruption;
  }

  @Override
  public synchronized void started(RunHandle begun) {
    handle = Optional.of(begun);
    send(new WorkerMessage.Started(begun.startStep(), begun.totalSteps()));
    if (cancelled) {
      begun.cancel();
    } else {
      interruption.ifPresent(begun::interrupt);
    }
  }

  @Override
  public void progressed(RunLauncher.Progress progress) {
    send(new WorkerMessage.Progressed(progress));
  }

  @Override
  public void checkpointed(long step) {
    send(new WorkerMessage.Checkpointed(step));
  }

  @Override
  public void alerted(String kind, long step, String text) {
    send(new WorkerMessage.Alerted(kind, step, text));
  }
}
