package io.espalier.bench.accuracy;

import io.espalier.bench.harness.Measurements;
import io.espalier.bench.harness.ProcessMemory;
import io.espalier.trainer.replica.StepOutcome;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Takes the times of one turn of a run. Confined to the run's thread. */
final class TurnClock implements LoopListener {
  private final List<Double> steps = new ArrayList<>();
  private long startNs;
  private long lastNs;
  private long cutNs;
  private int cuts;
  private double slowestCut;

  void start() {
    steps.clear();
    cuts = 0;
    slowestCut = 0;
    startNs = System.nanoTime();
    lastNs = startNs;
  }

  @Override
  public void stepped(int trainer, StepOutcome outcome) {
    long now = System.nanoTime();
    steps.add((now - lastNs) / 1e9);
    lastNs = now;
  }

  @Override
  public void synced(SyncOutcome outcome) {
    cutNs = System.nanoTime();
  }

  @Override
  public void committed(SyncOutcome outcome, Traffic traffic) {
    lastNs = System.nanoTime();
    if (outcome.cut().isPresent()) {
      cuts++;
      double seconds = outcome.cut().get().seconds() + (lastNs - cutNs) / 1e9;
      slowestCut = Math.max(slowestCut, seconds);
    }
  }

  TurnLog.Turn stop(long step) throws IOException {
    double seconds = (System.nanoTime() - startNs) / 1e9;
    ProcessMemory memory = ProcessMemory.own();
    return new TurnLog.Turn(
        step,
        seconds,
        Measurements.of(steps).median(),
        memory.residentBytes(),
        memory.peakBytes(),
        cuts,
        slowestCut);
  }
}
