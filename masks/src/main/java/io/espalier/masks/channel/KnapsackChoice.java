package io.espalier.masks.channel;

import java.util.List;

/**
 * What is taken from each group.
 *
 * @param options the place of the option in each group
 * @param value their sum
 * @param cost their sum, no more than the budget
 * @param bound no choice within the budget is worth more; the value itself where it is known to be
 *     the largest
 */
record KnapsackChoice(List<Integer> options, double value, double cost, double bound) {
  public KnapsackChoice {
    options = List.copyOf(options);
  }

  /** Whether no other choice is worth more. */
  public boolean isOptimal() {
    return bound <= value;
  }
}
