package io.espalier.trainer.executor;

import io.espalier.trainer.execution.BackEnd;
import io.espalier.trainer.execution.BackEnds;
import io.espalier.trainer.execution.Execution;

/** The executors of the back ends that the class path has. */
public final class Executors {
  private Executors() {}

  /**
   * Returns what makes executors.
   *
   * @throws IllegalStateException if its module is missing
   */
  public static ExecutorFactory of(Execution execution) {
    BackEnd found = BackEnds.of(execution);
    if (found instanceof ExecutorProvider executors) {
      return executors;
    }
    throw new IllegalStateException(
        "a back end must implement %s: class=%s"
            .formatted(ExecutorProvider.class.getName(), found.getClass().getName()));
  }
}
