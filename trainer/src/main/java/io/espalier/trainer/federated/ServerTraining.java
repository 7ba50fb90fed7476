package io.espalier.trainer.federated;

import io.espalier.masks.MaskSet;
import io.espalier.trainer.prepare.InitialValues;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.EpochBatches;
import io.espalier.trainer.replica.LocalReplica;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.TrainingState;
import java.util.List;

/** The initial values of a federation: drawn or stored, trained on the server's own examples if the recipe asks for it. */
public final class ServerTraining {
  /** Distinguishes the server's shuffles from those of all clients. */
  private static final int OWNER = -1;

  private ServerTraining() {}

  /**
   * Returns initial values without moments; runs all of the server's epochs.
   *
   * @param replica of the same federation
   */
  public static TrainingState initial(PreparedFederation federation, LocalReplica replica) {
    PreparedRun run = federation.values();
    TrainingState state = new TrainingState(run.stateLayout());
    List<float[]> values = InitialValues.of(run.config(), run.network());
    for (int i = 0; i < values.size(); i++) {
      state.array(i, 0).put(values.get(i));
    }
    int epochs = federation.rounds().serverEpochs();
    int[] shard = federation.serverShard();
    if (epochs > 0 && shard.length > 0) {
      replica.load(state, MaskSet.dense(run.layout(), run.prunableIds()));
      replica.train(
          new EpochBatches(federation.run(), shard, OWNER),
          new LocalReplica.Course(0, epochs, run.learningRate().at(0), 0));
      List<StateLayout.Entry> entries = run.stateLayout().entries();
      for (int i = 0; i < entries.size(); i++) {
        state.array(i, 0).put(replica.state().array(i, 0));
      }
    }
    return state;
  }
}
