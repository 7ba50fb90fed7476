package io.espalier.bench.service;

import io.espalier.trainer.replica.StepOutcome;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;

/** CPU time of the steps of a loop in the calling thread; syncs and evaluations are left out. */
final class StepCpu implements LoopListener {
  private double markSeconds = ThreadCpu.ownSeconds();
  private double seconds;

  double seconds() {
    return seconds;
  }

  @Override
  public void stepped(int trainer, StepOutcome outcome) {
    double now = ThreadCpu.ownSeconds();
    seconds += now - markSeconds;
    markSeconds = now;
  }

  @Override
  public void committed(SyncOutcome outcome, Traffic traffic) {
    markSeconds = ThreadCpu.ownSeconds();
  }
}
