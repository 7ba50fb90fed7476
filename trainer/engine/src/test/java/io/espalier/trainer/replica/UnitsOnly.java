package io.espalier.trainer.replica;

import io.espalier.trainer.executor.Executor;
import io.espalier.trainer.executor.ExecutorContext;
import io.espalier.trainer.executor.ForwardingExecutor;
import io.espalier.trainer.executor.engine.EngineExecutor;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.MaskState;
import java.nio.FloatBuffer;

/** Computes on the engine, and as a compact executor has no array of a prunable parameter. */
final class UnitsOnly extends ForwardingExecutor {
  private final PreparedRun run;

  private UnitsOnly(PreparedRun run, Executor engine) {
    super(engine);
    this.run = run;
  }

  static Executor of(PreparedRun run, MaskState masks, ExecutorContext context) {
    return new UnitsOnly(run, EngineExecutor.of(run, masks, context));
  }

  @Override
  public FloatBuffer array(int entry, int slot) {
    if (run.stateLayout().entries().get(entry).mask().isPresent()) {
      throw new UnsupportedOperationException("entry=" + entry);
    }
    return super.array(entry, slot);
  }
}
