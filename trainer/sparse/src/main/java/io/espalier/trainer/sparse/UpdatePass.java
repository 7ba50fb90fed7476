package io.espalier.trainer.sparse;

import java.util.List;
import java.util.function.Consumer;

/** An optimizer's step of all parameters, as parts; one object for all steps of a network. */
final class UpdatePass implements Consumer<Part> {
  private final List<SparseParameter> parameters;
  private final SparseOptimizer optimizer;
  private long completed;
  private double rate;
  private float scale;

  UpdatePass(List<SparseParameter> parameters, SparseOptimizer optimizer) {
    this.parameters = parameters;
    this.optimizer = optimizer;
  }

  SparseOptimizer optimizer() {
    return optimizer;
  }

  /** Makes it the step after {@code completed} ones. */
  void begin(long completed, double rate) {
    this.completed = completed;
    this.rate = rate;
    scale = optimizer.scale(parameters);
  }

  @Override
  public void accept(Part part) {
    optimizer.step(parameters, completed, rate, scale, part);
  }
}
