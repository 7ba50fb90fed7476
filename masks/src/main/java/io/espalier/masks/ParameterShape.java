package io.espalier.masks;

import java.util.List;

/**
 * Sizes of a parameter along its axes, outermost first: {@code [out, in]} for linear layers, {@code
 * [out, in, kH, kW]} for convolutions. Values are stored row-major.
 */
public record ParameterShape(ParameterId id, List<Integer> dimensions) {
  public ParameterShape {
    dimensions = List.copyOf(dimensions);
    long size = 1;
    for (int dimension : dimensions) {
      size *= dimension;
      if (dimension < 1 || size > Integer.MAX_VALUE - 64) {
        throw new IllegalArgumentException(
            "a parameter's axes must be 1 or more and its size below 2^31 - 64: parameter="
                + id
                + ", dimensions="
                + dimensions);
      }
    }
  }

  public int size() {
    int size = 1;
    for (int dimension : dimensions) {
      size *= dimension;
    }
    return size;
  }

  public int rank() {
    return dimensions.size();
  }
}
