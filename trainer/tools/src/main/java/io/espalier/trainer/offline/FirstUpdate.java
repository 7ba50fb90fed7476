package io.espalier.trainer.offline;

import io.espalier.configs.InvalidConfigException;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.Replica;
import io.espalier.trainer.state.DivergedException;
import io.espalier.trainer.sync.Commit;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.Committer;
import io.espalier.trainer.sync.SyncOutcome;
import java.util.List;
import java.util.Map;

/**
 * The states before and after the update at step 0 of a run with one trainer.
 *
 * @param errors relative squared errors of the outputs of prunable weights' layers
 */
record FirstUpdate(Committed before, Committed after, Map<ParameterId, Double> errors) {
  FirstUpdate {
    errors = Map.copyOf(errors);
  }

  /**
   * @param measured batches that the update measures on at most
   * @param all batches that errors are of
   */
  static FirstUpdate of(PreparedRun run, int measured, int all, PruneProgress progress) {
    Committer committer = Committer.start(run);
    Committed before = committer.committed();
    int[] seen = {0};
    Runnable batch =
        () -> progress.at(PruneProgress.Phase.MEASURING, 1 + seen[0]++ % measured, measured);
    try (Replica replica = Replica.of(run, 0, batch)) {
      SyncOutcome outcome = committer.open();
      while (outcome.commit().next() == Commit.Next.MEASURE) {
        committer.verify(0, replica.apply(outcome.commit(), outcome.payload()));
        replica.measure();
        outcome = committer.sync(List.of(replica.packedState()));
      }
      Committed after = committer.committed();
      return new FirstUpdate(
          before, after, OutputErrors.of(before, after, replica::measuredBatch, all));
    } catch (DivergedException e) {
      throw InvalidConfigException.of(
          "calibrate",
          "must be data on which the network stays finite: %s; check that inputs are scaled as in its training"
              .formatted(e.found()));
    }
  }
}
