package io.espalier.bench.accuracy;

import io.espalier.masks.MaskSet;
import io.espalier.masks.update.ParameterChange;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.CodeVersion;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sync.SyncOutcome;

/** Runs a trial as a plain loop in the calling thread; several may run side by side. */
final class TrialRunner {
  /** A network of ten classes that is right less often than this did not learn. */
  private static final double COLLAPSE = 0.5;

  private TrialRunner() {}

  /**
   * Trains to the end.
   *
   * @throws IllegalStateException if the final masks keep another number of units than planned
   */
  static TrialResult run(Trial trial, DataHome home) {
    PreparedRun run = PreparedRun.of(trial.config(), home);
    Regrowth regrowth = new Regrowth();
    long startNs = System.nanoTime();
    FinishedRun finished = TrainingLoop.run(run, regrowth);
    double seconds = (System.nanoTime() - startNs) / 1e9;
    MaskSet masks = finished.committed().masks().masks();
    if (masks.kept() != run.plan().finalKept()) {
      throw new IllegalStateException(
          "a run must keep as many units as planned: kept=%d, planned=%d"
              .formatted(masks.kept(), run.plan().finalKept()));
    }
    double accuracy = finished.test().accuracy();
    return new TrialResult(
        trial.key(),
        trial.row(),
        trial.sparsity(),
        trial.seed(),
        trial.config().train().epochs(),
        accuracy,
        finished.test().loss(),
        masks.kept(),
        run.plan().finalKept(),
        masks.total(),
        masks.version().number(),
        regrowth.units,
        accuracy < COLLAPSE,
        seconds,
        CodeVersion.current());
  }

  /** Counts units that return. */
  private static final class Regrowth implements LoopListener {
    private long units;

    @Override
    public void synced(SyncOutcome outcome) {
      outcome
          .pruning()
          .ifPresent(
              pruning ->
                  units +=
                      pruning.update().changes().stream()
                          .mapToLong(ParameterChange::regrown)
                          .sum());
    }
  }
}
