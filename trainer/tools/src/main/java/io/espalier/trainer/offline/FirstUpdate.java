package io.espalier.trainer.offline;

import io.espalier.configs.InvalidConfigException;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.Replica;
import io.espalier.trainer.state.DivergedException;
import io.espalier.trainer.sync.Commit;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.Committer;
import io.espalier.trainer.sync.SyncOutcome;
import java.util.List;
import java.util.Objects;

/** The states before and after the update at step 0 of a run with one trainer. */
record FirstUpdate(Committed before, Committed after) {
  /**
   * @param batches that the update measures on
   */
  static FirstUpdate of(PreparedRun run, int batches, PruneProgress progress) {
    Committer committer = Committer.start(run);
    Committed before = committer.committed();
    SyncOutcome opened = committer.open();
    if (opened.commit().next() == Commit.Next.MEASURE) {
      int[] seen = {0};
      Runnable batch = () -> progress.at(PruneProgress.Phase.MEASURING, ++seen[0], batches);
      try (Replica replica = Replica.of(run, 0, batch)) {
        committer.verify(0, replica.apply(opened.commit(), opened.payload()));
        replica.measure();
        Objects.requireNonNull(committer.sync(List.of(replica.packedState())));
      } catch (DivergedException e) {
        throw InvalidConfigException.of(
            "calibrate",
            "must be data on which the network stays finite: %s; check that inputs are scaled as in its training"
                .formatted(e.found()));
      }
    }
    return new FirstUpdate(before, committer.committed());
  }
}
