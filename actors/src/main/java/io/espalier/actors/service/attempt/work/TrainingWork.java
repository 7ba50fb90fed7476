package io.espalier.actors.service.attempt.work;

import io.espalier.actors.run.RunResult;
import io.espalier.actors.run.RunSession;
import io.espalier.trainer.prepare.PreparedRun;

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
