package io.espalier.trainer.federated;

import io.espalier.configs.Rules;

/**
 * Number of pruned weights of a parameter that a client proposes to regrow.
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
