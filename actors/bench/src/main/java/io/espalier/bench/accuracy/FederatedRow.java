package io.espalier.bench.accuracy;

import java.util.List;
import java.util.Locale;

enum FederatedRow {
  /** Sparse from the first round; weights change places. */
  FEDTINY("FedTiny"),
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

  String recipe() {
    return this == FEDTINY ? "fedtiny" : "fedavg";
  }

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
