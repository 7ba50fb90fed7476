package io.espalier.trainer.federated;

import io.espalier.masks.MaskSet;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.replica.LocalReplica;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.sync.EvaluationPart;
import java.util.stream.IntStream;

/** Evaluates the global network on the server's test set. Confined to the replica's thread. */
public final class GlobalEvaluator {
  private final PreparedFederation federation;
  private final LocalReplica replica;

  public GlobalEvaluator(PreparedFederation federation, LocalReplica replica) {
    this.federation = federation;
    this.replica = replica;
  }

  /** Evaluates the values and masks of the server or of some clients. */
  public EvaluationPart evaluate(StateAccess values, MaskSet masks) {
    replica.load(values, masks);
    Examples test = federation.run().dataset().test();
    return replica.evaluate(test, IntStream.range(0, test.count()).toArray());
  }
}
