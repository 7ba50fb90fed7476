package io.espalier.trainer.executor.engine;

import io.espalier.trainer.executor.Executor;
import io.espalier.trainer.executor.ExecutorContext;
import io.espalier.trainer.executor.ExecutorFactory;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.MaskState;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes executors on the engine, and counts the arrays of the newest. */
public final class CountedArrays implements ExecutorFactory {
  private @Nullable EngineExecutor newest;

  @Override
  public Executor create(PreparedRun run, MaskState masks, ExecutorContext context) {
    newest = EngineExecutor.of(run, masks, context);
    return newest;
  }

  /** Arrays that outlive a call. */
  public int owned() {
    return Objects.requireNonNull(newest).ownedArrays();
  }
}
