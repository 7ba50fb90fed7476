package io.espalier.trainer.federated;

import io.espalier.configs.Rules;
import java.util.List;

/**
 * The work of a round's clients. {@code key} is {@code norms}, {@code losses}, then 1, 2, 3 …;
 * {@code completed} counts earlier training rounds.
 */
public record RoundWork(
    String key, Kind kind, int completed, double rate, List<ProposalCount> proposals) {
  public RoundWork {
    proposals = List.copyOf(proposals);
  }

  public RoundWork withoutProposals() {
    return kind == Kind.TRAIN_AND_PROPOSE
        ? new RoundWork(key, Kind.TRAIN, completed, rate, List.of())
        : this;
  }

  public enum Kind {
    MEASURE_NORMS,
    MEASURE_LOSSES,
    TRAIN,
    TRAIN_AND_PROPOSE;

    public boolean trains() {
      return this == TRAIN || this == TRAIN_AND_PROPOSE;
    }
  }

  /** Number of pruned weights to regrow; {@code parameter} is an index of prunable ones. */
  public record ProposalCount(int parameter, int count) {
    public ProposalCount {
      new Rules()
          .require("parameter", parameter, parameter >= 0, "0 or more")
          .require("count", count, count >= 0, "0 or more")
          .verify();
    }
  }
}
