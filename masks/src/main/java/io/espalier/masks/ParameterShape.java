package io.espalier.masks;

import java.util.List;

/**
 * The name of a parameter and the length of each of its axes, row-major: {@code [out, in, kH, kW]},
 * {@code [out, in]} or {@code [n]}.
 */
public record ParameterShape(ParameterId id, List<Integer> dimensions) {
  public ParameterShape {
    dimensions = List.copyOf(dimensions);
    if (dimensions.stream().anyMatch(length -> length < 1)) {
      throw new IllegalArgumentException(
          "every dimension must be 1 or more: id=" + id + ", dimensions=" + dimensions);
    }
  }

  /** Units in all. */
  public int size() {
    return dimensions.stream().reduce(1, Math::multiplyExact);
  }

  public int rank() {
    return dimensions.size();
  }
}
