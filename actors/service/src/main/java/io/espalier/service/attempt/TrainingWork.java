package io.espalier.service.attempt;

import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.training.run.RunResult;
import io.espalier.training.run.RunSession;

/** Trainers and their coordinator. */
record TrainingWork(PreparedRun run, RunSession session) implements RunningWork {
  @Override
  public long fromStep() {
    return session.startedAtStep();
  }

  @Override
  public long totalSteps() {
    return run.plan().totalSteps();
  }

  @Override
  public void stop() {
    session.stop();
  }

  @Override
  public void checkpoint() {
    session.checkpoint();
  }

  @Override
  public void cancel() {
    session.cancel();
  }

  @Override
  public RunResult await() {
    return session.await();
  }

  @Override
  public void close() {
    session.close();
  }
}
