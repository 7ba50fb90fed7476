package io.espalier.trainer.network;

import java.util.List;

/** Rows and columns around an image: −∞ if {@code lowest}, which no pooling selects, else 0. */
public record Pad(int top, int left, int bottom, int right, boolean lowest) implements Layer {
  static final LayerKind KIND = LayerKind.onlyStored("pad", Pad.class);

  public Pad {
    List<Integer> sides = List.of(top, left, bottom, right);
    if (sides.stream().anyMatch(side -> side < 0 || side > LayerParameters.LONGEST)) {
      throw new IllegalArgumentException(
          "padding must be 0 or more: top=%d, left=%d, bottom=%d, right=%d"
              .formatted(top, left, bottom, right));
    }
  }

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    return inputs.get(0).padded(top + bottom, left + right);
  }
}
