package io.espalier.trainer.federated.course;

import io.espalier.masks.MaskSet;
import io.espalier.trainer.commit.Committed;
import io.espalier.trainer.commit.EvaluationPart;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.replica.LocalReplica;
import java.util.stream.IntStream;

/** Evaluates the global network on the server's test set. Confined to the replica's thread. */
public final class GlobalEvaluator {
  private final PreparedFederation federation;
  private final LocalReplica replica;

  public GlobalEvaluator(PreparedFederation federation, LocalReplica replica) {
    this.federation = federation;
    this.replica = replica;
  }

  /** The network as the clients of a density tier hold it; its own masks for the whole of it. */
  public EvaluationPart evaluate(Committed model, MaskSet masks) {
    replica.load(model.state(), masks);
    Examples test = federation.run().dataset().test();
    return replica.evaluate(test, IntStream.range(0, test.count()).toArray());
  }
}
