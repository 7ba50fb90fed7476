package io.espalier.masks.structure;

/** Why the channels of a group must all stay. */
public enum PruningConstraint {
  /** They are values of the example. */
  NETWORK_INPUT("network input"),
  /** They are the network's answer. */
  NETWORK_OUTPUT("network output"),
  /** The recipe excludes a parameter that gives them. */
  EXCLUDED("excluded"),
  /** A norm takes the mean and variance of all of them together. */
  NORMALISED_TOGETHER("normalised together"),
  /** Without it, its layers would have nothing to work on. */
  ONLY_CHANNEL("only channel");

  private final String reason;

  PruningConstraint(String reason) {
    this.reason = reason;
  }

  public String reason() {
    return reason;
  }
}
