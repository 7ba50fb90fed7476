package io.espalier.bench.accuracy;

import java.util.List;
import java.util.Locale;

/** A line of the table: an algorithm. */
enum FederatedRow {
  /** Sparse from the first round; weights change places. */
  FEDTINY("FedTiny"),
  /** The network as it is: what sparse ones may cost is measured against it. */
  DENSE("FedAvg, dense"),
  /** Dense at first; the server prunes the averaged weights by magnitude. */
  PRUNED("FedAvg, global magnitude mask");

  private final String title;

  FederatedRow(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /** The recipe that it starts from. */
  String recipe() {
    return this == FEDTINY ? "fedtiny" : "fedavg";
  }

  /** What its recipe overrides, so that all rows have the same start, rounds and data. */
  List<String> overrides(BenchFederatedCommand.Setting setting) {
    String sparsity = String.format(Locale.ROOT, "prune.sparsity=%s", 1 - setting.density());
    int until = setting.rounds() / 2;
    return switch (this) {
      case FEDTINY ->
          List.of(sparsity, "federation.adjust-every=3", "federation.adjust-until=" + until);
      case DENSE -> List.of("prune.sparsity=0");
      case PRUNED -> List.of(sparsity);
    };
  }
}
