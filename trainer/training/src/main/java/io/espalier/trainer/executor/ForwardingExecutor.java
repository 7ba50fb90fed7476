package io.espalier.trainer.executor;

import io.espalier.masks.Mask;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.state.ValueDigest;
import io.espalier.trainer.step.StepRule;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.LongFunction;

/** Forwards each call to another executor, which it owns; subclasses change some of them. */
public abstract class ForwardingExecutor implements Executor {
  private final Executor executor;

  protected ForwardingExecutor(Executor executor) {
    this.executor = executor;
  }

  @Override
  public MaskState masks() {
    return executor.masks();
  }

  @Override
  public void use(MaskState masks) {
    executor.use(masks);
  }

  @Override
  public TrainedBatch train(Batch batch, At at, List<StepRule> rules) {
    return executor.train(batch, at, rules);
  }

  @Override
  public float[] logits(Batch batch) {
    return executor.logits(batch);
  }

  @Override
  public void gatherNorms(Batch batch, int done) {
    executor.gatherNorms(batch, done);
  }

  @Override
  public boolean measures(List<StatisticRequest> requests) {
    return executor.measures(requests);
  }

  @Override
  public List<List<List<float[]>>> measure(
      List<StatisticRequest> requests,
      List<Integer> parameters,
      LongFunction<Batch> batches,
      long completed) {
    return executor.measure(requests, parameters, batches, completed);
  }

  @Override
  public void gradients(Batch batch, List<Integer> parameters, GradientReader reader) {
    executor.gradients(batch, parameters, reader);
  }

  @Override
  public FloatBuffer array(int entry, int slot) {
    return executor.array(entry, slot);
  }

  @Override
  public void read(int entry, int slot, int from, FloatBuffer target) {
    executor.read(entry, slot, from, target);
  }

  @Override
  public void digest(int entry, int slot, ValueDigest digest) {
    executor.digest(entry, slot, digest);
  }

  @Override
  public void write(int entry, int slot, FloatBuffer source) {
    executor.write(entry, slot, source);
  }

  @Override
  public void gather(int entry, int slot, Mask units, FloatBuffer target) {
    executor.gather(entry, slot, units, target);
  }

  @Override
  public void scatter(int entry, int slot, Mask units, FloatBuffer source) {
    executor.scatter(entry, slot, units, source);
  }

  @Override
  public void retain(int entry, int slot, Mask units) {
    executor.retain(entry, slot, units);
  }

  @Override
  public void restart(int entry, int slot, Mask units) {
    executor.restart(entry, slot, units);
  }

  @Override
  public void close() {
    executor.close();
  }
}
