package io.espalier.service.attempt;

import io.espalier.service.run.Attempt;
import io.espalier.service.run.AttemptEnd;
import io.espalier.service.run.AttemptListener;
import io.espalier.service.run.AttemptOrder;
import io.espalier.trainer.checkpoint.FencedException;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.training.run.RunDirectory;
import io.espalier.training.run.RunResult;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt from its order to its end. What is asked before the work begins waits for it. */
final class AttemptThread implements Attempt, Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(AttemptThread.class);

  private final AttemptSettings settings;
  private final AttemptOrder order;
  private final AttemptListener listener;
  private @Nullable RunningWork work;
  private boolean pauseAsked;
  private boolean cancelAsked;

  AttemptThread(AttemptSettings settings, AttemptOrder order, AttemptListener listener) {
    this.settings = settings;
    this.order = order;
    this.listener = listener;
  }

  @Override
  public synchronized void pause() {
    pauseAsked = true;
    if (work != null) {
      work.stop();
    }
  }

  @Override
  public synchronized void checkpoint() {
    if (work != null) {
      work.checkpoint();
    }
  }

  @Override
  public synchronized void cancel() {
    cancelAsked = true;
    if (work != null) {
      work.cancel();
    }
  }

  /** Whatever happens, the end is told: a run must not wait for an attempt that is no more. */
  @Override
  public void run() {
    listener.ended(end());
  }

  private AttemptEnd end() {
    try {
      Optional<StoredSummary> summary = StoredSummary.in(order.directory());
      return summary.isPresent() ? summary.get().end() : work();
    } catch (IOException | RuntimeException | Error e) {
      return failed(e);
    }
  }

  private AttemptEnd failed(Throwable cause) {
    if (cause instanceof FencedException fenced) {
      return new AttemptEnd.Fenced("term " + fenced.by());
    }
    LOG.debug("attempt {} at run {} failed", order.term(), order.run(), cause);
    if (cause instanceof NodeUnavailableException) {
      return new AttemptEnd.NodeLost(0, String.valueOf(cause.getMessage()));
    }
    return new AttemptEnd.Failed(
        0, cause.getMessage() == null ? cause.toString() : cause.getMessage());
  }

  private AttemptEnd work() throws IOException {
    try (RunDirectory directory = RunDirectory.hold(order.directory(), order.recipe());
        RunLog log = RunLog.in(order.directory(), order.term())) {
      log.say("attempt " + order.term() + " begins");
      AttemptEnd end = logged(AttemptLauncher.of(settings, order, directory, log, listener));
      log.say(RunLog.text(end));
      return end;
    }
  }

  private AttemptEnd logged(AttemptLauncher workshop) {
    try {
      return watched(workshop);
    } catch (IOException | RuntimeException | Error e) {
      return failed(e);
    }
  }

  private AttemptEnd watched(AttemptLauncher workshop) throws IOException {
    if (isCancelAsked()) {
      return new AttemptEnd.Cancelled();
    }
    try (RunningWork begun = workshop.begin()) {
      workshop.relay().open(begun.fromStep(), begun.totalSteps());
      passOn(begun);
      RunResult result = begun.await();
      return isCancelAsked() && result instanceof RunResult.Stopped
          ? new AttemptEnd.Cancelled()
          : ended(result);
    } finally {
      passOn(null);
    }
  }

  private synchronized boolean isCancelAsked() {
    return cancelAsked;
  }

  private synchronized void passOn(@Nullable RunningWork begun) {
    work = begun;
    if (begun != null && cancelAsked) {
      begun.cancel();
    } else if (begun != null && pauseAsked) {
      begun.stop();
    }
  }

  private static AttemptEnd ended(RunResult result) {
    if (result instanceof RunResult.Finished finished) {
      FinishedRun run = finished.run();
      return new AttemptEnd.Completed(
          run.committed().step(),
          run.test().accuracy(),
          run.committed().masks().masks().sparsity());
    }
    if (result instanceof RunResult.Stopped stopped) {
      return new AttemptEnd.Paused(stopped.step());
    }
    if (result instanceof RunResult.Cancelled) {
      return new AttemptEnd.Cancelled();
    }
    if (result instanceof RunResult.Fenced fenced) {
      return new AttemptEnd.Fenced("term " + fenced.by());
    }
    if (result instanceof RunResult.NodeLost lost) {
      return new AttemptEnd.NodeLost(lost.step(), lost.cause());
    }
    RunResult.Failed failed = (RunResult.Failed) result;
    return new AttemptEnd.Failed(failed.step(), failed.cause());
  }
}
