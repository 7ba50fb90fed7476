package io.espalier.trainer.sparse;

import io.espalier.trainer.network.TensorShape;
import java.util.List;
import java.util.Optional;

/** A layer's place in a network that is laid out: its inputs, its output and its parameters. */
public final class SparseNode {
  private final List<Source> sources;
  private final Tensor out;
  private final List<SparseParameter> parameters;
  private final SparsePass pass;
  private final TensorShape output;

  SparseNode(
      List<Source> sources,
      Tensor out,
      List<SparseParameter> parameters,
      SparsePass pass,
      TensorShape output) {
    this.sources = sources;
    this.out = out;
    this.parameters = parameters;
    this.pass = pass;
    this.output = output;
  }

  /** The shape of the layer's output. */
  public TensorShape output() {
    return output;
  }

  /** The parameters of the layer, as it lists them. */
  public List<SparseParameter> parameters() {
    return parameters;
  }

  /**
   * Returns an operation that a layer computes by itself, example by example, in plain Java. It
   * takes longer than the operations of built-in layers, which compute examples side by side.
   */
  public Operation byExample(ExampleFunction function) {
    return new ByExample(this, function);
  }

  List<Source> sources() {
    return sources;
  }

  /** The first input. */
  Source source() {
    return sources.get(0);
  }

  Tensor out() {
    return out;
  }

  /** The first parameter of a layer that has any. */
  SparseParameter weight() {
    return parameters.get(0);
  }

  /** The second parameter, if there is one. */
  Optional<SparseParameter> bias() {
    return parameters.stream().skip(1).findFirst();
  }

  /** The kernels of an operation that is not divided. */
  Kernels kernels() {
    return pass.team().whole().kernels();
  }

  SparsePass pass() {
    return pass;
  }
}
