package io.espalier.trainer.replica;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.engine.TensorEngine;
import io.espalier.trainer.objective.Objective;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.state.StateCodec;
import io.espalier.trainer.state.StateDigest;
import io.espalier.trainer.step.StepRule;
import io.espalier.trainer.sync.ChannelCut;
import java.util.List;
import java.util.function.Supplier;

/** The part of a replica that depends on the layout. Only one is alive, except during a cut. */
record ReplicaLayout(
    PreparedRun run,
    NDManager manager,
    ReplicaNetwork network,
    ReplicaMasks masks,
    StateCodec codec,
    StateDigest digest,
    Measurement measurement,
    BackwardPasses passes,
    TrainingStep step,
    Evaluator evaluator)
    implements AutoCloseable {

  record Fixed(
      int trainer,
      Objective objective,
      List<StepRule> rules,
      Supplier<Examples> heldOut,
      Runnable progress) {}

  static ReplicaLayout of(PreparedRun run, MaskState state, Fixed fixed) {
    NDManager manager = TensorEngine.newManager();
    try {
      return within(manager, run, state, fixed);
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  private static ReplicaLayout within(
      NDManager manager, PreparedRun run, MaskState state, Fixed fixed) {
    JniUtils.setGradMode(false);
    ReplicaNetwork network = new ReplicaNetwork(run, manager);
    ReplicaMasks masks =
        new ReplicaMasks(run, fixed.trainer(), network.parameters(), manager, state);
    BackwardPasses passes = new BackwardPasses(network, manager, fixed.objective());
    return new ReplicaLayout(
        run,
        manager,
        network,
        masks,
        new StateCodec(run.stateLayout()),
        new StateDigest(run.stateLayout()),
        new Measurement(network, run.gaugedLayers()),
        passes,
        new TrainingStep(run, network, masks, passes, fixed.rules()),
        new Evaluator(
            run,
            fixed.objective(),
            fixed.trainer(),
            network,
            masks,
            manager,
            fixed.heldOut(),
            fixed.progress()));
  }

  /** The replica after a cut, under no masks yet; this one is still to be closed. */
  ReplicaLayout cut(PreparedRun smaller, MaskState state, Fixed fixed) {
    ReplicaLayout left = of(smaller, state, fixed);
    try {
      new ChannelCut(run.layout(), smaller.layout(), smaller.stateLayout())
          .copy(network, left.network);
      return left;
    } catch (RuntimeException | Error e) {
      left.close();
      throw e;
    }
  }

  boolean hasLayoutOf(PreparedRun other) {
    return run.layout().equals(other.layout());
  }

  @Override
  public void close() {
    manager.close();
  }
}
