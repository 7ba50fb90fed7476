package io.espalier.bench.accuracy;

import java.util.List;
import java.util.Locale;

enum FederatedRow {
  /** Sparse from the first round; weights change places. */
  FEDTINY("FedTiny"),
  /**
   * Sparse from the first round by one mask that stays: of each layer the largest weights, trained
   * on the server's examples alone.
   */
  LOCAL("one local magnitude mask"),
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
    return this == FEDTINY || this == LOCAL ? "fedtiny" : "fedavg";
  }

  List<String> overrides(BenchFederatedCommand.Setting setting) {
    String sparsity = String.format(Locale.ROOT, "prune.sparsity=%s", 1 - setting.density());
    int until = setting.rounds() / 2;
    return switch (this) {
      case FEDTINY ->
          List.of(sparsity, "federation.adjust-every=3", "federation.adjust-until=" + until);
      case LOCAL ->
          List.of(
              sparsity,
              "federation.candidates=1",
              "federation.spread=0",
              "federation.adjust-until=0");
      case DENSE -> List.of("prune.sparsity=0");
      case PRUNED -> List.of(sparsity);
    };
  }
}
