package io.espalier.masks.allocation;

import java.util.List;

/**
 * The options taken, one place per group. {@code bound} is an upper bound on the value of any
 * choice within the budget; it equals {@code value} where that is optimal.
 */
record KnapsackChoice(List<Integer> options, double value, double cost, double bound) {
  public KnapsackChoice {
    options = List.copyOf(options);
  }

  public boolean isOptimal() {
    return bound <= value;
  }
}
