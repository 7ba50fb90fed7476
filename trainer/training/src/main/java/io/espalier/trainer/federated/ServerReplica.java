package io.espalier.trainer.federated;

import io.espalier.masks.MaskSet;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.prepare.InitialValues;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.EpochBatches;
import io.espalier.trainer.replica.LocalReplica;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.TrainingState;
import io.espalier.trainer.sync.EvaluationPart;
import java.util.stream.IntStream;

/**
 * The server's own work, on the engine: its first network is dense. Confined to the replica's
 * thread.
 */
public final class ServerReplica {
  /** Distinguishes the server's shuffles from those of all clients. */
  private static final int OWNER = -1;

  private final PreparedFederation federation;
  private final LocalReplica replica;

  public ServerReplica(PreparedFederation federation, LocalReplica replica) {
    this.federation = federation;
    this.replica = replica;
  }

  /** Returns initial values, without moments, after any training on the server's own examples. */
  public TrainingState initial() {
    PreparedRun run = federation.values();
    TrainingState state =
        TrainingState.owning(run.stateLayout(), InitialValues.of(run.config(), run.network()));
    int epochs = federation.rounds().server().epochs();
    int[] shard = federation.serverShard();
    if (epochs > 0 && shard.length > 0) {
      replica.load(state, MaskSet.dense(run.layout(), run.prunableIds()), Execution.ENGINE);
      replica.train(
          new EpochBatches(federation.run(), shard, OWNER),
          new LocalReplica.Course(0, epochs, run.learningRate().at(0), 0));
      for (int i = 0; i < run.stateLayout().entries().size(); i++) {
        replica.state().read(i, 0, 0, state.array(i, 0));
      }
    }
    return state;
  }

  public EvaluationPart evaluate(StateAccess values, MaskSet masks) {
    replica.load(values, masks, Execution.ENGINE);
    Examples test = federation.run().dataset().test();
    return replica.evaluate(test, IntStream.range(0, test.count()).toArray());
  }

  /** The loss on what the server holds out: its validation examples, or else its test set. */
  public double heldOutLoss(StateAccess values, MaskSet masks) {
    int[] validation = federation.run().splits().validation();
    if (validation.length == 0) {
      return evaluate(values, masks).loss();
    }
    replica.load(values, masks, Execution.ENGINE);
    return replica.evaluate(federation.run().dataset().train(), validation).loss();
  }
}
