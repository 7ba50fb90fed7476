package io.espalier.trainer.executor.sparse;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.executor.Executor;
import io.espalier.trainer.executor.ExecutorContext;
import io.espalier.trainer.executor.TrainedBatch;
import io.espalier.trainer.executor.TrainerThreads;
import io.espalier.trainer.network.BatchNorm;
import io.espalier.trainer.objective.Objective;
import io.espalier.trainer.optimizer.MovingAverage;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.prepare.RunExecution;
import io.espalier.trainer.sparse.SparseNetwork;
import io.espalier.trainer.sparse.SparseParameter;
import io.espalier.trainer.state.DivergedException;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.state.StateSlots;
import io.espalier.trainer.state.ValueDigest;
import io.espalier.trainer.step.StepRule;
import io.espalier.trainer.update.UpdateRule;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * Computes in plain Java: a step costs what is kept, or with mask kinds whose pruned weights live
 * on what all weights cost. Runs recipes of layers that have a {@link
 * io.espalier.trainer.sparse.SparseOp}. Called from one thread; a step has threads of its own.
 */
public final class SparseExecutor implements Executor {
  private final PreparedRun run;
  private final Objective objective;
  private final SparseNetwork network;
  private final List<SparseParameter> parameters;
  private final SparseState state;
  private final PassMasks masks;
  private final float[] slopes;
  private final int passSize;
  private final StepGradients gradients;
  private final Optional<MovingAverage> average;

  private SparseExecutor(PreparedRun run, MaskState initial, ExecutorContext context) {
    this.run = run;
    objective = context.objective();
    passSize = run.config().data().batchSize();
    network =
        SparseNetwork.training(
            run.network(),
            none(run),
            passSize,
            StateSlots.of(run.config().train().step()).count(),
            TrainerThreads.of(run.config()));
    run.frozen().forEach(each -> network.parameter(each).freeze());
    slopes = new float[passSize * network.positions() * network.outputs()];
    parameters =
        run.network().parameters().stream().map(spec -> network.parameter(spec.id())).toList();
    gradients = new StepGradients(network, parameters);
    average = run.config().train().step().average().map(MovingAverage::new);
    state = new SparseState(run.stateLayout(), parameters);
    masks =
        RunExecution.stepsOnKept(run)
            ? new KeptWeights(run, network, parameters, initial)
            : new ViewedWeights(run, context.trainer(), parameters, state, initial);
  }

  /** An executor of the run's layout under {@code masks}. */
  public static SparseExecutor of(PreparedRun run, MaskState masks, ExecutorContext context) {
    return new SparseExecutor(run, masks, context);
  }

  /** Values of 0 need no memory. */
  private static Map<ParameterId, Mask> none(PreparedRun run) {
    Map<ParameterId, Mask> masks = new HashMap<>();
    run.prunable().stream()
        .filter(SparseParameter::packs)
        .forEach(each -> masks.put(each.id(), Mask.noneKept(each.size())));
    return masks;
  }

  @Override
  public MaskState masks() {
    return masks.state();
  }

  @Override
  public void use(MaskState next) {
    masks.use(next);
  }

  @Override
  public FloatBuffer array(int entry, int slot) {
    return state.array(entry, slot);
  }

  @Override
  public void read(int entry, int slot, int from, FloatBuffer target) {
    state.read(entry, slot, from, target);
  }

  @Override
  public void digest(int entry, int slot, ValueDigest digest) {
    state.digest(entry, slot, digest);
  }

  @Override
  public void write(int entry, int slot, FloatBuffer source) {
    masks.valuesChanged();
    state.write(entry, slot, source);
  }

  @Override
  public void gather(int entry, int slot, Mask units, FloatBuffer target) {
    state.gather(entry, slot, units, target);
  }

  @Override
  public void scatter(int entry, int slot, Mask units, FloatBuffer source) {
    masks.valuesChanged();
    state.scatter(entry, slot, units, source);
  }

  @Override
  public void retain(int entry, int slot, Mask units) {
    masks.valuesChanged();
    state.retain(entry, slot, units);
  }

  @Override
  public void restart(int entry, int slot, Mask units) {
    state.restart(entry, slot, units);
  }

  @Override
  public TrainedBatch train(Batch batch, At at, List<StepRule> rules) {
    masks.beforeStep(at);
    network.normMomentum(BatchNorm.MOMENTUM);
    TrainedBatch seen = trainingPass(batch, at, !rules.isEmpty());
    if (rules.isEmpty()) {
      masks.update(at);
    } else {
      step(batch, at, rules);
    }
    masks.afterUpdate(at);
    average.ifPresent(each -> state.average(each, at.completed()));
    return seen;
  }

  private void step(Batch batch, At at, List<StepRule> rules) {
    RuledStep step = new RuledStep(run, masks(), gradients, parameters);
    int passes = rules.stream().mapToInt(StepRule::passes).max().orElse(1);
    for (int pass = 1; pass < passes; pass++) {
      step.afterBackward(at, pass - 1, rules.stream().filter(rule -> rule.passes() > 1).toList());
      network.normMomentum(1);
      trainingPass(batch, at, true);
    }
    step.afterBackward(at, passes - 1, rules);
    masks.update(at);
    step.afterUpdate(at, passes - 1, rules);
  }

  private TrainedBatch trainingPass(Batch batch, At at, boolean isRuled) {
    masks.beforePass();
    TrainedBatch seen = pass(batch, at.completed(), isRuled);
    masks.afterPass(at);
    return seen;
  }

  /** Leaves the gradients of a batch in the network, which passes over it part by part. */
  private TrainedBatch pass(Batch batch, long completed, boolean isRuled) {
    float[] seen = new float[batch.rows() * network.outputs()];
    if (batch.size() <= passSize) {
      gradients.ofOnePass();
      return new TrainedBatch(pass(batch, 1, seen, 0, completed), seen);
    }
    gradients.ofSeveralPasses(isRuled);
    double loss = 0;
    for (int from = 0; from < batch.size(); from += passSize) {
      Batch part = batch.part(from, passSize);
      double share = (double) part.size() / batch.size();
      int at = seen.length / batch.size() * from;
      loss += share * pass(part, share, seen, at, completed);
      gradients.add();
    }
    gradients.give();
    return new TrainedBatch(loss, seen);
  }

  /** Leaves the gradients of {@code share} times the loss of a batch; returns the loss. */
  private double pass(Batch batch, double share, float[] seen, int at, long completed) {
    int[] labels = batch.labels();
    float[] given = new float[labels.length * network.outputs()];
    double loss =
        network.gradients(
            batch.sparseInputs(),
            labels,
            (logits, ofRows, classes, gradient) -> {
              System.arraycopy(logits, 0, given, 0, given.length);
              float[] slope = slopes(given.length);
              double mean = objective.gradient(given, ofRows, classes, () -> inputs(batch), slope);
              if (share < 1) {
                UpdateRule.scale(slope, (float) share, slope.length);
              }
              System.arraycopy(slope, 0, gradient, 0, slope.length);
              return mean;
            });
    requireFinite(loss, completed);
    System.arraycopy(given, 0, seen, at, given.length);
    return loss;
  }

  /** Zeros; a whole batch has memory that the next one writes again. */
  private float[] slopes(int length) {
    if (length != slopes.length) {
      return new float[length];
    }
    Arrays.fill(slopes, 0);
    return slopes;
  }

  private static float[] inputs(Batch batch) {
    return Arrays.copyOf(batch.inputs(), batch.size() * batch.shape().size());
  }

  private void requireFinite(double loss, long step) {
    if (Double.isFinite(loss)) {
      return;
    }
    String name = "";
    float largest = -1;
    for (SparseParameter parameter : parameters) {
      for (float value : parameter.values()) {
        if (!(Math.abs(value) <= largest)) {
          largest = Math.abs(value);
          name = parameter.shape().id().name();
        }
      }
    }
    throw new DivergedException(step, "The loss", name, largest);
  }

  @Override
  public float[] logits(Batch batch) {
    masks.beforeEvaluation();
    float[] logits = new float[batch.size() * network.positions() * network.outputs()];
    network.infer(batch.inputs(), batch.size(), logits);
    return logits;
  }

  @Override
  public void gatherNorms(Batch batch, int done) {
    masks.beforeStatistics();
    network.normMomentum((float) (done / (done + 1.0)));
    network.gatherStatistics(batch.inputs(), batch.size());
  }

  @Override
  public boolean measures(List<StatisticRequest> requests) {
    return requests.isEmpty();
  }

  @Override
  public List<List<List<float[]>>> measure(
      List<StatisticRequest> requests,
      List<Integer> parameters,
      LongFunction<Batch> batches,
      long completed) {
    if (!requests.isEmpty()) {
      throw new UnsupportedOperationException(
          "statistics must be measured by the engine: requests=" + requests);
    }
    return List.of();
  }

  @Override
  public void gradients(Batch batch, List<Integer> prunable, GradientReader reader) {
    masks.beforeEvaluation();
    network.normMomentum(1);
    pass(batch, 0, false);
    for (int p : prunable) {
      SparseParameter parameter = network.parameter(run.prunableIds().get(p));
      if (parameter.mask().pruned() == 0) {
        reader.read(p, 0, FloatBuffer.wrap(parameter.gradient()));
      } else {
        network.readGradients(
            parameter.shape().id(),
            (first, gradient) -> reader.read(p, first, FloatBuffer.wrap(gradient)));
      }
    }
  }

  @Override
  public void close() {
    network.close();
  }
}
