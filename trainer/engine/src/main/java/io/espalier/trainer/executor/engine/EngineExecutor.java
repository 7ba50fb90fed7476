package io.espalier.trainer.executor.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.espalier.configs.fault.ResourceStack;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.engine.TensorEngine;
import io.espalier.trainer.executor.Executor;
import io.espalier.trainer.executor.ExecutorContext;
import io.espalier.trainer.executor.TrainedBatch;
import io.espalier.trainer.executor.WeightViews;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.optimizer.MovingAverage;
import io.espalier.trainer.optimizer.Optimizer;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.step.StepRule;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Computes on the tensor engine, with dense arrays and masks as factors. Runs every recipe. Each
 * call sets the engine's grad mode.
 */
public final class EngineExecutor implements Executor {
  private final ResourceStack opened;
  private final NDManager manager;
  private final EngineNetwork network;
  private final WeightViews<FloatMask> masks;
  private final BackwardPasses passes;
  private final TrainingStep step;
  private final Measurement measurement;
  private final Optimizer optimizer;
  private final Optional<MovingAverage> average;
  private final Shape inputShape;

  private EngineExecutor(
      ResourceStack opened, PreparedRun run, MaskState state, ExecutorContext context) {
    this.opened = opened;
    manager = TensorEngine.newManager();
    opened.add(manager::close);
    JniUtils.setGradMode(false);
    network = new EngineNetwork(run, manager, WidthScale.of(run));
    masks = new WeightViews<>(run, context.trainer(), network.parameters(), state);
    passes =
        new BackwardPasses(network, manager, run.config().data().batchSize(), context.objective());
    step = new TrainingStep(run, network, masks, passes);
    measurement =
        new Measurement(
            network, run.observedLayers(), new Passes(), this::logits, context.progress());
    optimizer = Optimizer.of(run);
    average = run.config().train().step().average().map(MovingAverage::new);
    ImageShape shape = run.network().input();
    inputShape = new Shape(1, shape.channels(), shape.height(), shape.width());
  }

  public static EngineExecutor of(PreparedRun run, MaskState masks, ExecutorContext context) {
    return ResourceStack.open(opened -> new EngineExecutor(opened, run, masks, context));
  }

  @Override
  public MaskState masks() {
    return masks.state();
  }

  @Override
  public void use(MaskState next) {
    JniUtils.setGradMode(false);
    masks.use(next);
  }

  @Override
  public FloatBuffer array(int entry, int slot) {
    return network.array(entry, slot);
  }

  @Override
  public TrainedBatch train(Batch batch, At at, List<StepRule> rules) {
    JniUtils.setGradMode(false);
    masks.age(at.clock(), network);
    masks.write(at.clock());
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      TrainingStep.Gradients gradients = step.gradients(batch, at, rules);
      step.update(optimizer, gradients);
      average.ifPresent(each -> network.average(each, at.completed()));
      return gradients.first();
    }
  }

  @Override
  public float[] logits(Batch batch) {
    JniUtils.setGradMode(false);
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return network
          .evaluate(passes.input(batch), each -> each.forEvaluation(masks.ofEvaluation(each)))
          .toFloatArray();
    }
  }

  @Override
  public void gatherNorms(Batch batch, int done) {
    JniUtils.setGradMode(false);
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      network.gatherNorms(passes.input(batch), done);
    }
  }

  @Override
  public List<List<List<float[]>>> measure(
      List<StatisticRequest> requests,
      List<Integer> parameters,
      LongFunction<Batch> batches,
      long completed) {
    return measurement.measure(requests, parameters, batches, completed);
  }

  @Override
  public void gradients(Batch batch, List<Integer> parameters, GradientReader reader) {
    List<MaskedParameter> prunable = network.prunable();
    pass(
        batch,
        MeasuringPass.GRADIENTS,
        copies -> parameters.forEach(p -> reader.read(p, 0, prunable.get(p).gradient())));
  }

  private final class Passes implements MeasuringPass.Runner {
    @Override
    public void run(Batch batch, MeasuringPass how, Consumer<MeasuringPass.Copies> read) {
      pass(batch, how, read);
    }

    @Override
    public List<float[]> relevance(Batch batch) {
      JniUtils.setGradMode(false);
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        return network.relevance(
            passes.input(batch),
            batch.labels(),
            each -> each.forEvaluation(masks.ofEvaluation(each)));
      }
    }

    @Override
    public void flow(Runnable read) {
      JniUtils.setGradMode(false);
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        NDArray input = manager.ones(inputShape);
        JniUtils.setGradMode(true);
        NDArray outputs = network.evaluate(input, each -> each.forFlow(masks.ofEvaluation(each)));
        JniUtils.setGradMode(false);
        NDArray ones = manager.ones(outputs.getShape());
        JniUtils.backward((PtNDArray) outputs, (PtNDArray) ones, false, false);
        read.run();
        passes.clearGradients();
      }
    }
  }

  /** A pass under the target masks that leaves no trace. */
  private void pass(Batch batch, MeasuringPass how, Consumer<MeasuringPass.Copies> read) {
    JniUtils.setGradMode(false);
    try (LayerTaps taps = new LayerTaps(network, manager, how);
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray input = passes.input(batch);
      NDArray logits = measured(input, how);
      if (how.gradients()) {
        passes.backward(input, logits.div(manager.create((float) how.temperature())), batch, 1);
      }
      taps.backward();
      read.accept(taps.copies());
      if (how.differentiates()) {
        passes.clearGradients();
      }
    }
  }

  private float[] logits(Batch batch, MeasuringPass how) {
    JniUtils.setGradMode(false);
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return measured(passes.input(batch), how).toFloatArray();
    }
  }

  private NDArray measured(NDArray input, MeasuringPass how) {
    Map<MaskedParameter, NDArray> shifts = shifts(how);
    JniUtils.setGradMode(how.differentiates());
    return network.measure(
        input,
        each -> each.forMeasuring(masks.ofEvaluation(each), Optional.ofNullable(shifts.get(each))));
  }

  private Map<MaskedParameter, NDArray> shifts(MeasuringPass how) {
    Map<MaskedParameter, NDArray> shifts = new HashMap<>();
    for (int p = 0; p < how.shifts().size(); p++) {
      MaskedParameter shifted = network.prunable().get(p);
      if (how.shifts().get(p).length > 0) {
        shifts.put(shifted, manager.create(how.shifts().get(p), shifted.shape()));
      }
    }
    return shifts;
  }

  /** Arrays that outlive a call. */
  int ownedArrays() {
    return manager.getManagedArrays().size();
  }

  @Override
  public void close() {
    opened.close();
  }
}
