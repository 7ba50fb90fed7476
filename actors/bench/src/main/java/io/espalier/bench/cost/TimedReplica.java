package io.espalier.bench.cost;

import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.Replica;
import io.espalier.trainer.sync.Commit;
import io.espalier.trainer.sync.Committer;
import io.espalier.trainer.sync.SyncOutcome;
import java.util.List;

/** A replica in mid-training whose steps and syncs are timed. Confined to one thread. */
public final class TimedReplica implements AutoCloseable {
  private final Replica replica;
  private final Committer committer;

  public TimedReplica(PreparedRun run) {
    replica = Replica.of(run, 0);
    committer = Committer.start(run);
    SyncOutcome outcome = committer.open();
    replica.apply(outcome.commit(), outcome.payload());
  }

  public double stepSeconds(int steps) {
    long start = System.nanoTime();
    for (int i = 0; i < steps; i++) {
      replica.step();
    }
    return (System.nanoTime() - start) / 1e9 / steps;
  }

  /** A step and the sync after it: packed, averaged, pruned if planned, applied and digested. */
  record Round(double stepSeconds, double syncSeconds) {}

  Round round() {
    double step = stepSeconds(1);
    long start = System.nanoTime();
    Commit commit = sync();
    while (commit.next() == Commit.Next.MEASURE) {
      replica.measure();
      commit = sync();
    }
    return new Round(step, (System.nanoTime() - start) / 1e9);
  }

  private Commit sync() {
    SyncOutcome outcome = committer.sync(List.of(replica.packedState()));
    replica.apply(outcome.commit(), outcome.payload());
    return outcome.commit();
  }

  @Override
  public void close() {
    replica.close();
  }
}
