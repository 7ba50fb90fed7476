package io.espalier.trainer.replica;

import io.espalier.masks.Mask;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.executor.Executor;
import io.espalier.trainer.executor.ExecutorContext;
import io.espalier.trainer.executor.TrainedBatch;
import io.espalier.trainer.executor.engine.EngineExecutor;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.step.StepRule;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.LongFunction;

/** Computes on the engine, and as a compact executor has no array of a prunable parameter. */
record UnitsOnly(PreparedRun run, Executor engine) implements Executor {
  static Executor of(PreparedRun run, MaskState masks, ExecutorContext context) {
    return new UnitsOnly(run, EngineExecutor.of(run, masks, context));
  }

  @Override
  public FloatBuffer array(int entry, int slot) {
    if (run.stateLayout().entries().get(entry).mask().isPresent()) {
      throw new UnsupportedOperationException("entry=" + entry);
    }
    return engine.array(entry, slot);
  }

  @Override
  public void read(int entry, int slot, int from, FloatBuffer target) {
    engine.read(entry, slot, from, target);
  }

  @Override
  public void write(int entry, int slot, FloatBuffer source) {
    engine.write(entry, slot, source);
  }

  @Override
  public void gather(int entry, int slot, Mask units, FloatBuffer target) {
    engine.gather(entry, slot, units, target);
  }

  @Override
  public void scatter(int entry, int slot, Mask units, FloatBuffer source) {
    engine.scatter(entry, slot, units, source);
  }

  @Override
  public void retain(int entry, int slot, Mask units) {
    engine.retain(entry, slot, units);
  }

  @Override
  public void restart(int entry, int slot, Mask units) {
    engine.restart(entry, slot, units);
  }

  @Override
  public MaskState masks() {
    return engine.masks();
  }

  @Override
  public void use(MaskState masks) {
    engine.use(masks);
  }

  @Override
  public TrainedBatch train(Batch batch, At at, List<StepRule> rules) {
    return engine.train(batch, at, rules);
  }

  @Override
  public float[] logits(Batch batch) {
    return engine.logits(batch);
  }

  @Override
  public void gatherNorms(Batch batch, int done) {
    engine.gatherNorms(batch, done);
  }

  @Override
  public List<List<List<float[]>>> measure(
      List<StatisticRequest> requests, LongFunction<Batch> batches, long completed) {
    return engine.measure(requests, batches, completed);
  }

  @Override
  public void gradients(Batch batch, List<Integer> parameters, GradientReader reader) {
    engine.gradients(batch, parameters, reader);
  }

  @Override
  public void close() {
    engine.close();
  }
}
