package io.espalier.trainer.federated;

import io.espalier.configs.Rules;

/**
 * How many pruned weights of a parameter a client proposes to bring back.
 *
 * @param parameter index among the prunable ones
 */
public record ProposalCount(int parameter, int count) {
  public ProposalCount {
    new Rules()
        .require("parameter", parameter, parameter >= 0, "0 or more")
        .require("count", count, count >= 0, "0 or more")
        .verify();
  }
}
