package io.espalier.configs;

/** What a network of fewer channels has less of. */
public sealed interface BudgetConfig {
  /** Weights; neither biases nor what belongs to norms. */
  record Parameters() implements BudgetConfig {}

  /** Multiply-accumulates per example. */
  record Macs() implements BudgetConfig {}

  /** Time of a training step's layers on this machine, by a table that was measured here. */
  record Latency() implements BudgetConfig {}
}
