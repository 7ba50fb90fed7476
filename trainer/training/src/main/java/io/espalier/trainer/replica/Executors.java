package io.espalier.trainer.replica;

import io.espalier.trainer.executor.ExecutorFactory;
import io.espalier.trainer.executor.engine.EngineExecutor;
import io.espalier.trainer.executor.sparse.SparseExecutor;
import io.espalier.trainer.prepare.Execution;

final class Executors {
  private Executors() {}

  static ExecutorFactory of(Execution execution) {
    return switch (execution) {
      case ENGINE -> EngineExecutor::of;
      case SPARSE -> SparseExecutor::of;
    };
  }
}
