package io.espalier.trainer.executor.sparse;

import io.espalier.configs.TrainConfig;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.executor.Executor;
import io.espalier.trainer.executor.ExecutorContext;
import io.espalier.trainer.executor.ExecutorProvider;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sparse.Arithmetic;
import io.espalier.trainer.sparse.SparseNetwork;
import io.espalier.trainer.sparse.SparseOps;
import io.espalier.trainer.state.MaskState;
import java.util.Optional;

/** Executors in plain Java. */
public final class SparseExecutors implements ExecutorProvider {
  @Override
  public Execution execution() {
    return Execution.JAVA;
  }

  @Override
  public String computing() {
    return "kept weights only, " + SparseNetwork.machine();
  }

  @Override
  public Optional<String> slowness() {
    return SparseNetwork.usesSimd()
        ? Optional.empty()
        : Optional.of(
            "steps in plain Java have the same bits here and take longer: "
                + SparseNetwork.machine());
  }

  @Override
  public Executor create(PreparedRun run, MaskState masks, ExecutorContext context) {
    return SparseExecutor.of(run, masks, context);
  }

  @Override
  public Optional<GraphNode> missing(Network network) {
    return SparseOps.missing(network);
  }

  @Override
  public int arithmetic(Network network) {
    return Arithmetic.revision(network);
  }

  @Override
  public void warmUp(TrainConfig train) {
    WarmUp.begin(train);
  }
}
