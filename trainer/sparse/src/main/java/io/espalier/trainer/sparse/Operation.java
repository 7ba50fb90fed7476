package io.espalier.trainer.sparse;

import java.util.List;

/**
 * A layer of a network with its tensors, which a {@link SparseOp} makes. Allocates nothing in
 * passes.
 */
public abstract class Operation {
  final List<Source> sources;
  final Tensor out;

  Operation(List<Source> sources, Tensor out) {
    this.sources = sources;
    this.out = out;
  }

  /** Fills a part of {@code out}; {@code training} selects the statistics of norms. */
  abstract void forward(BatchTiles batch, boolean training, Part part);

  /**
   * From the gradient of {@code out}, computes a part of those of parameters and of sources that
   * need one.
   */
  abstract void backward(BatchTiles batch, Part part);

  /** Whether it computes any part; else it is given a whole pass only. */
  boolean isDivided() {
    return false;
  }

  /** Whether {@link #forward} applies a ReLU that follows if {@code out} has one. */
  boolean takesRelu() {
    return false;
  }

  /** Saves memory of gradients of inputs; once, before tensors get memory. */
  void shareGradients() {}

  /** Renews what depends on masks and on the batch's size; once before a pass. */
  void prepare(BatchTiles batch) {}

  /** Shows the gradients of all units of the weight, those of pruned ones too. */
  void readGradients(BatchTiles batch, Part part, GradientObserver reader) {
    throw new IllegalArgumentException(
        "a layer must have a weight, to show its gradients: parameters=" + parameters());
  }

  List<SparseParameter> parameters() {
    return List.of();
  }

  /** Multiply-adds of a forward pass per example. */
  long macs() {
    return 0;
  }

  final Source source() {
    return sources.get(0);
  }
}
