package io.espalier.trainer.replica;

import io.espalier.trainer.executor.Executor;
import io.espalier.trainer.executor.ExecutorContext;
import io.espalier.trainer.executor.ExecutorFactory;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.StateCodec;
import io.espalier.trainer.state.StateDigest;
import io.espalier.trainer.step.StepRule;
import io.espalier.trainer.sync.ChannelCut;
import java.util.List;
import java.util.function.Consumer;

/** The part of a replica that depends on the layout. Only one is alive, except during a swap. */
record ReplicaLayout(
    PreparedRun run, Executor executor, StateCodec codec, StateDigest digest, List<StepRule> rules)
    implements AutoCloseable {

  static ReplicaLayout of(
      PreparedRun run, MaskState masks, ExecutorFactory factory, ExecutorContext context) {
    List<StepRule> rules = run.stepRules();
    return new ReplicaLayout(
        run,
        factory.create(run, masks, context),
        new StateCodec(run.stateLayout()),
        new StateDigest(run.stateLayout()),
        rules);
  }

  /** The replica after a cut; this one is still to be closed. */
  ReplicaLayout cut(
      PreparedRun smaller, MaskState masks, ExecutorFactory factory, ExecutorContext context) {
    ChannelCut cut = new ChannelCut(run, smaller);
    return of(smaller, masks, factory, context).filled(left -> cut.copy(executor, left));
  }

  /**
   * Returns this replica after {@code step} steps by another executor; this is still to be closed.
   */
  ReplicaLayout swapped(long step, ExecutorFactory factory, ExecutorContext context) {
    MaskState masks = executor.masks();
    return of(run, masks, factory, context)
        .filled(next -> codec.copy(executor, masks.livingAt(step), next));
  }

  private ReplicaLayout filled(Consumer<StateAccess> fill) {
    try {
      fill.accept(executor);
      return this;
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  boolean hasLayoutOf(PreparedRun other) {
    return run.layout().equals(other.layout());
  }

  @Override
  public void close() {
    executor.close();
  }
}
