package io.espalier.actors.service.schedule;

import io.espalier.actors.service.RunKind;
import io.espalier.actors.service.lifecycle.Grant;
import io.espalier.actors.service.lifecycle.RunSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the nodes have, less what runs hold of it. Belongs to one actor. */
final class Capacity {
  private final Map<String, NodeOffer> offers = new TreeMap<>();
  private final Map<String, Integer> freeTrainers = new TreeMap<>();
  private final Map<String, Long> freeMemoryMb = new TreeMap<>();
  private final Map<String, List<String>> freeGateways = new TreeMap<>();

  Capacity(Collection<NodeOffer> of) {
    for (NodeOffer offer : of) {
      offers.put(offer.node(), offer);
      freeTrainers.put(offer.node(), offer.trainers());
      freeMemoryMb.put(offer.node(), offer.memoryMb());
      freeGateways.put(offer.node(), new ArrayList<>(offer.gateways()));
    }
  }

  /** Books what a run holds; nodes that are away hold nothing. */
  void take(RunSpec spec, Grant grant) {
    for (Grant.Placement placement : grant.placements()) {
      freeTrainers.computeIfPresent(placement.node(), (node, free) -> free - placement.trainers());
      freeMemoryMb.computeIfPresent(
          placement.node(), (node, free) -> free - (long) placement.trainers() * spec.memoryMb());
    }
    List<String> gateways = freeGateways.getOrDefault(grant.node(), new ArrayList<>());
    grant.gateway().ifPresent(gateways::remove);
  }

  boolean has(String node) {
    return offers.containsKey(node);
  }

  /** What the run gets on a node; empty if not all of it is free. */
  Optional<Grant> fit(RunSpec spec, String node) {
    return lack(spec, node).isPresent() ? Optional.empty() : Optional.of(grant(spec, node));
  }

  /** What a run lacks on a node, in words. */
  Optional<String> lack(RunSpec spec, String node) {
    NodeOffer offer = offers.get(node);
    if (offer == null) {
      return Optional.of("waits for its node to answer: node=" + node);
    }
    String place = offers.size() > 1 ? " on " + node : "";
    int trainers = freeTrainers.getOrDefault(node, 0);
    if (trainers < spec.trainers()) {
      return Optional.of(
          "waits for %d trainer%s: %d of %d free%s"
              .formatted(
                  spec.trainers(),
                  spec.trainers() == 1 ? "" : "s",
                  Math.max(0, trainers),
                  offer.trainers(),
                  place));
    }
    long memoryMb = freeMemoryMb.getOrDefault(node, 0L);
    if (memoryMb < spec.totalMemoryMb()) {
      return Optional.of(
          "waits for %d MB of memory: %d of %d MB free%s"
              .formatted(spec.totalMemoryMb(), Math.max(0, memoryMb), offer.memoryMb(), place));
    }
    return lacksGateway(spec, node)
        ? Optional.of(
            "waits for a gateway: 0 of %d free%s".formatted(offer.gateways().size(), place))
        : Optional.empty();
  }

  /** Whether a gateway is all that the run lacks, so that others may go before it. */
  boolean lacksGateway(RunSpec spec, String node) {
    return spec.kind() == RunKind.FEDERATION
        && freeGateways.getOrDefault(node, List.of()).isEmpty();
  }

  List<SchedulerReply.NodeUse> use() {
    return offers.values().stream()
        .map(
            offer ->
                new SchedulerReply.NodeUse(
                    offer,
                    Math.max(0, freeTrainers.getOrDefault(offer.node(), 0)),
                    Math.max(0, freeMemoryMb.getOrDefault(offer.node(), 0L)),
                    freeGateways.getOrDefault(offer.node(), List.of()).size()))
        .toList();
  }

  /** Why no node could ever run it; empty if one could. */
  static Optional<SchedulerReply.Unfit> unfit(RunSpec spec, Collection<NodeOffer> offers) {
    int trainers = offers.stream().mapToInt(NodeOffer::trainers).max().orElse(0);
    if (spec.trainers() > trainers) {
      return Optional.of(
          new SchedulerReply.Unfit(
              "train.trainers",
              "trainers must fit on one node of the service: train.trainers=%d, a node has at most %d; submit with fewer trainers, or serve with more"
                  .formatted(spec.trainers(), trainers)));
    }
    long memoryMb =
        offers.stream()
            .filter(offer -> offer.trainers() >= spec.trainers())
            .mapToLong(NodeOffer::memoryMb)
            .max()
            .orElse(0);
    if (spec.totalMemoryMb() > memoryMb) {
      return Optional.of(
          new SchedulerReply.Unfit(
              "memoryMb",
              "memory must fit on one node of the service: trainers=%d, memoryMb=%d each, a node has at most %d MB; submit with less memory, or serve with more"
                  .formatted(spec.trainers(), spec.memoryMb(), memoryMb)));
    }
    boolean federable =
        spec.kind() != RunKind.FEDERATION
            || offers.stream().anyMatch(offer -> !offer.gateways().isEmpty());
    return federable
        ? Optional.empty()
        : Optional.of(
            new SchedulerReply.Unfit(
                "federation",
                "a federation must have a gateway to listen at: gateways=0; serve with --gateway HOST:PORT"));
  }

  private Grant grant(RunSpec spec, String node) {
    Optional<String> gateway =
        spec.kind() == RunKind.FEDERATION
            ? freeGateways.getOrDefault(node, List.of()).stream().findFirst()
            : Optional.empty();
    return new Grant(node, List.of(new Grant.Placement(node, spec.trainers())), gateway);
  }
}
