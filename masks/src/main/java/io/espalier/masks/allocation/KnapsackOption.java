package io.espalier.masks.allocation;

/** One option of a group; both numbers are finite and 0 or more. */
record KnapsackOption(double value, double cost) {
  public KnapsackOption {
    if (!(value >= 0 && value <= Double.MAX_VALUE && cost >= 0 && cost <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "an option's value and cost must be finite and 0 or more: value=%s, cost=%s"
              .formatted(value, cost));
    }
  }
}
