package io.espalier.trainer.executor;

import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.MaskState;

/** Makes executors; a replica asks it for its first layout and for each that a cut leaves. */
@FunctionalInterface
public interface ExecutorFactory {
  /**
   * Returns an executor of the run's layout under {@code masks}, all of whose values are 0; the
   * caller closes it.
   *
   * @throws IllegalArgumentException if it cannot compute this run under these masks
   */
  Executor create(PreparedRun run, MaskState masks, ExecutorContext context);
}
