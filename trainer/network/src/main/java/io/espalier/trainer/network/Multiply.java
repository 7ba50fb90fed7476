package io.espalier.trainer.network;

import java.util.List;

/** Product of two inputs of one shape, or of an image and a vector with a number per channel. */
public record Multiply() implements Layer {
  static final LayerKind KIND = LayerKind.onlyStored("multiply", Multiply.class);

  @Override
  public boolean takes(int inputs) {
    return inputs == 2;
  }

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    TensorShape first = inputs.get(0);
    TensorShape second = inputs.get(1);
    boolean perChannel =
        first.channels() == second.channels()
            && (first.isVector() || second.isVector())
            && !first.isSequence()
            && !second.isSequence();
    if (!first.equals(second) && !perChannel) {
      throw new TensorShape.MismatchException(
          "from",
          "its inputs must have one shape, or be an image and a number per channel: inputs="
              + inputs);
    }
    return first.isVector() ? second : first;
  }
}
