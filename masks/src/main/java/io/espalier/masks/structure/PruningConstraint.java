package io.espalier.masks.structure;

/** Why all channels of a group must stay. */
public enum PruningConstraint {
  /** The channels are values of the example. */
  NETWORK_INPUT("network input"),
  /** The channels are the network's output. */
  NETWORK_OUTPUT("network output"),
  /** The recipe excludes a parameter that gives them. */
  EXCLUDED("excluded"),
  /** A norm takes statistics of all of them, or of neighbours among them, together. */
  NORMALISED_TOGETHER("normalised together"),
  /** The recipe prunes heads of attention only. */
  NO_HEAD("no head of attention"),
  /** The recipe prunes layers that a residual goes around, and none goes around these. */
  NO_RESIDUAL("no residual around it"),
  /** Without it, its layers would have no input. */
  ONLY_CHANNEL("only channel");

  private final String reason;

  PruningConstraint(String reason) {
    this.reason = reason;
  }

  public String reason() {
    return reason;
  }
}
