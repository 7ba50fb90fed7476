package io.espalier.trainer.network;

import java.util.List;

/** Sum of two or more inputs of one shape. */
public record Add() implements Layer {
  static final LayerKind KIND = LayerKind.of("add", Add.class, Add::new).joining();

  @Override
  public boolean takes(int inputs) {
    return KIND.takes(inputs);
  }

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    if (inputs.stream().distinct().count() > 1) {
      throw new TensorShape.MismatchException(
          "from", "its inputs must have one shape: inputs=" + inputs);
    }
    return inputs.get(0);
  }
}
