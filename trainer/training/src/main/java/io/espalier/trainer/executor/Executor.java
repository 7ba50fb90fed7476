package io.espalier.trainer.executor;

import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.step.StepRule;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Computes for a replica: passes and updates of one network of one layout, under masks. A replica
 * has one at a time, and swaps it at a sync: where channels are cut, or where another way to
 * compute takes over. Values, moments, norm statistics and auxiliary parameters are the only state
 * that outlives a call; all of it is in the {@link StateAccess}, so that another executor can go on
 * with it. Results are a function of this state, the masks and the arguments.
 *
 * <p>Calls come from one thread at a time, in any order after {@link ExecutorFactory#create}.
 * {@link #use} changes masks only: {@link StateAccess#retain} removes the values of pruned units.
 * {@link StateAccess#scatter} may bring units of other masks; then {@link #use} follows before the
 * next pass.
 *
 * <p>A batch is the caller's, who fills it again after the call. Arrays that a method returns are
 * the caller's, too.
 */
public interface Executor extends StateAccess, AutoCloseable {
  /** The masks in use: those of the last {@link #use}, without units that have died since. */
  MaskState masks();

  /** Sets what the next passes see of each weight. */
  void use(MaskState masks);

  /**
   * Takes an optimizer step by the context's objective: sets pruned units to 0 that die before it,
   * lets {@code rules} act around it in their order, and updates weights, moments, norm statistics
   * and auxiliary parameters.
   *
   * @throws io.espalier.trainer.state.DivergedException if the loss is not finite
   */
  TrainedBatch train(Batch batch, At at, List<StepRule> rules);

  /** Logits {@code [size, classes]}, row-major, under the target masks. */
  float[] logits(Batch batch);

  /**
   * Moves norm statistics to the means over {@code done + 1} batches, of which this is the last.
   */
  void gatherNorms(Batch batch, int done);

  /** Whether {@link #measure} can measure these. */
  default boolean measures(List<StatisticRequest> requests) {
    return true;
  }

  /**
   * Measures under the target masks; leaves no trace. Returns for each request, and each of the
   * parameters, the statistic's arrays.
   *
   * @param parameters indices among prunable ones, in order
   * @param batches by completed steps, loaded in order, each valid until the next one
   * @throws UnsupportedOperationException if it cannot, by {@link #measures}
   */
  List<List<List<float[]>>> measure(
      List<StatisticRequest> requests,
      List<Integer> parameters,
      LongFunction<Batch> batches,
      long completed);

  /**
   * Shows the gradients of some prunable parameters, pruned units included; leaves no trace.
   *
   * @param parameters indices among prunable ones
   */
  void gradients(Batch batch, List<Integer> parameters, GradientReader reader);

  @Override
  void close();

  /**
   * When a step is taken.
   *
   * @param completed steps since the optimizer's moments were 0
   * @param clock what rules count by: steps of the run, or rounds of a federation
   * @param rate learning rate
   */
  record At(long completed, long clock, double rate) {}

  /** Sees gradients piece by piece. */
  @FunctionalInterface
  interface GradientReader {
    /** The gradients of the units from {@code from} on; valid during the call only. */
    void read(int parameter, int from, FloatBuffer gradients);
  }
}
