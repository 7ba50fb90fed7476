package io.espalier.trainer.executor.engine;

import io.espalier.trainer.engine.EnginePlatform;
import io.espalier.trainer.engine.op.EngineOps;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.executor.Executor;
import io.espalier.trainer.executor.ExecutorContext;
import io.espalier.trainer.executor.ExecutorProvider;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.MaskState;
import java.util.Optional;

/** Executors on the tensor engine. */
public final class EngineExecutors implements ExecutorProvider {
  @Override
  public Execution execution() {
    return Execution.ENGINE;
  }

  @Override
  public String computing() {
    return "all weights on the engine";
  }

  @Override
  public Optional<String> problem() {
    return EnginePlatform.problem();
  }

  @Override
  public Executor create(PreparedRun run, MaskState masks, ExecutorContext context) {
    return EngineExecutor.of(run, masks, context);
  }

  @Override
  public Optional<GraphNode> missing(Network network) {
    return EngineOps.missing(network);
  }
}
