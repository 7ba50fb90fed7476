package io.espalier.service.run;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.service.RunKind;
import io.espalier.trainer.prepare.MemoryNeed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;

/** The offers of the nodes minus the holdings of runs. Belongs to one actor. */
final class ClusterCapacity {
  private final Map<String, NodeOffer> offers = new TreeMap<>();
  private final Map<String, Integer> freeTrainers = new TreeMap<>();
  private final Map<String, Long> freeMemoryMb = new TreeMap<>();
  private final Map<String, List<String>> freeGateways = new TreeMap<>();

  ClusterCapacity(Collection<NodeOffer> of) {
    for (NodeOffer offer : of) {
      offers.put(offer.node(), offer);
      freeTrainers.put(offer.node(), offer.trainers());
      freeMemoryMb.put(offer.node(), offer.memoryMb());
      freeGateways.put(offer.node(), new ArrayList<>(offer.gateways()));
    }
  }

  void take(RunSpec spec, AttemptGrant grant) {
    for (TrainersOnNode placement : grant.placements()) {
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

  /** The grant for a run whose coordinator is on {@code node}; empty if not all of it is free. */
  Optional<AttemptGrant> fit(RunSpec spec, String node) {
    return lack(spec, node).isPresent() ? Optional.empty() : Optional.of(grant(spec, node));
  }

  Optional<String> lack(RunSpec spec, String node) {
    NodeOffer offer = offers.get(node);
    if (offer == null) {
      return Optional.of("waits for its node to answer: node=" + node);
    }
    Optional<String> never = lacksForGood(spec, offer);
    if (never.isPresent()) {
      return never;
    }
    List<String> usable = usable(spec, node);
    String place = offers.size() == 1 ? "" : usable.size() > 1 ? " on all nodes" : " on " + node;
    if (!isEnough(spec, usable)) {
      return Optional.of(
          "needs %d trainers of %d MB each, for which the nodes have no room even when free%s; serve with more, or cancel it"
              .formatted(spec.trainers(), spec.memoryMb(), place));
    }
    if (sum(usable, this::free) < spec.trainers()) {
      return Optional.of(
          "waits for %d trainer%s: %d of %d free%s"
              .formatted(
                  spec.trainers(),
                  spec.trainers() == 1 ? "" : "s",
                  sum(usable, this::free),
                  sum(usable, each -> offer(each).trainers()),
                  place));
    }
    if (placements(spec, node).isEmpty()) {
      return Optional.of(
          "waits for %d MB of memory%s: %d of %d MB free%s"
              .formatted(
                  spec.totalMemoryMb(),
                  usable.size() > 1 ? ", %d MB for each trainer".formatted(spec.memoryMb()) : "",
                  sum(usable, this::freeMb),
                  sum(usable, each -> offer(each).memoryMb()),
                  place));
    }
    return lacksGateway(spec, node)
        ? Optional.of(
            "waits for a gateway: 0 of %d free%s"
                .formatted(offer.gateways().size(), offers.size() == 1 ? "" : " on " + node))
        : Optional.empty();
  }

  /** Whether no other may overtake a waiting run, as what it lacks becomes free. */
  boolean isWorthWaiting(RunSpec spec, String node) {
    return !lacksGateway(spec, node)
        && lacksForGood(spec, offer(node)).isEmpty()
        && isEnough(spec, usable(spec, node));
  }

  /** Whether idle nodes could run it. */
  private boolean isEnough(RunSpec spec, List<String> nodes) {
    return sum(
            nodes,
            node ->
                Math.min(
                    offer(node).trainers(), offer(node).memoryMb() / Math.max(1, spec.memoryMb())))
        >= spec.trainers();
  }

  /** The message of permanent lacks of the node of the run's entity. */
  private static Optional<String> lacksForGood(RunSpec spec, NodeOffer offer) {
    boolean federation = spec.kind() == RunKind.FEDERATION;
    boolean deaf = federation && offer.gateways().isEmpty();
    if (!spec.together() || !(deaf || offer.trainers() < spec.trainers())) {
      return Optional.empty();
    }
    return Optional.of(
        "waits for more than its node has: node=%s, trainers=%d of %d%s; %s"
            .formatted(
                offer.node(),
                offer.trainers(),
                spec.trainers(),
                federation ? ", gateways=" + offer.gateways().size() : "",
                federation
                    ? "every node of role coordinator needs a gateway and a trainer for federations: serve it with --gateway HOST:PORT and --trainers N"
                    : "every node of role coordinator needs the trainers of a run on a topic: serve it with more, or submit with fewer"));
  }

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
                    Math.max(0, free(offer.node())),
                    Math.max(0, freeMb(offer.node())),
                    freeGateways.getOrDefault(offer.node(), List.of()).size()))
        .toList();
  }

  /** Why the service could never run it; empty if it could. */
  static Optional<SchedulerReply.Unfit> unfit(RunSpec spec, Collection<NodeOffer> offers) {
    long trainers = most(spec, offers, NodeOffer::trainers);
    if (spec.trainers() > trainers) {
      return Optional.of(
          new SchedulerReply.Unfit(
              "train.trainers",
              "trainers must fit on the service's nodes: train.trainers=%d, %s %d; submit with fewer trainers, or serve with more"
                  .formatted(
                      spec.trainers(),
                      spec.together()
                          ? "they must be on one, and the largest has"
                          : "all nodes together have",
                      trainers)));
    }
    if (spec.trainers() > fitting(spec, offers, spec.memoryMb())) {
      return Optional.of(new SchedulerReply.Unfit("memoryMb", lackOfMemory(spec, offers)));
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

  /** Trainers for which idle nodes have memory. */
  private static long fitting(RunSpec spec, Collection<NodeOffer> offers, long memoryMb) {
    return most(spec, offers, offer -> Math.min(offer.trainers(), offer.memoryMb() / memoryMb));
  }

  /** Less memory helps only down to what the recipe itself needs. */
  private static String lackOfMemory(RunSpec spec, Collection<NodeOffer> offers) {
    long need = estimateMb(spec);
    long largest = offers.stream().mapToLong(NodeOffer::memoryMb).max().orElse(0);
    boolean helps = need < spec.memoryMb() && spec.trainers() <= fitting(spec, offers, need);
    return "memory must fit on the service's nodes: trainers=%d, memoryMb=%d each, of which the recipe needs %d; the largest node has %d, and the nodes have memory for %d trainers; %s"
        .formatted(
            spec.trainers(),
            spec.memoryMb(),
            need,
            largest,
            fitting(spec, offers, spec.memoryMb()),
            helps
                ? "submit with less memory, or serve with more"
                : "take narrower layers, a smaller batch or fewer trainers, or serve from a node with more memory");
  }

  private static long estimateMb(RunSpec spec) {
    try {
      RunConfig config = new RecipeLoader().parse("recipe", spec.recipe(), List.of()).config();
      return MemoryNeed.ofRecipe(config).map(MemoryNeed::megabytesPerTrainer).orElse(1L);
    } catch (InvalidConfigException e) {
      return 1;
    }
  }

  private static long most(
      RunSpec spec, Collection<NodeOffer> offers, ToLongFunction<NodeOffer> share) {
    LongStream shares = offers.stream().mapToLong(share);
    return spec.together() ? shares.max().orElse(0) : shares.sum();
  }

  private AttemptGrant grant(RunSpec spec, String node) {
    Optional<String> gateway =
        spec.kind() == RunKind.FEDERATION
            ? freeGateways.getOrDefault(node, List.of()).stream().findFirst()
            : Optional.empty();
    return new AttemptGrant(node, placements(spec, node).orElseThrow(), gateway);
  }

  /** Trainers beside the coordinator first, then on the other nodes by name. */
  private Optional<List<TrainersOnNode>> placements(RunSpec spec, String node) {
    List<TrainersOnNode> placements = new ArrayList<>();
    int left = spec.trainers();
    for (String each : usable(spec, node)) {
      long room = Math.min(free(each), freeMb(each) / Math.max(1, spec.memoryMb()));
      int here = (int) Math.min(left, Math.max(0, room));
      if (here > 0) {
        placements.add(new TrainersOnNode(each, here));
        left -= here;
      }
    }
    return left == 0 ? Optional.of(placements) : Optional.empty();
  }

  /** Nodes for a run's trainers, its coordinator's first; all have the same code. */
  private List<String> usable(RunSpec spec, String node) {
    List<String> nodes = new ArrayList<>(List.of(node));
    if (!spec.together()) {
      String version = offer(node).version();
      offers.values().stream()
          .filter(each -> !each.node().equals(node) && each.version().equals(version))
          .map(NodeOffer::node)
          .forEach(nodes::add);
    }
    return nodes;
  }

  private int free(String node) {
    return freeTrainers.getOrDefault(node, 0);
  }

  private long freeMb(String node) {
    return freeMemoryMb.getOrDefault(node, 0L);
  }

  private NodeOffer offer(String node) {
    return Objects.requireNonNull(offers.get(node));
  }

  private static long sum(List<String> nodes, ToLongFunction<String> share) {
    return nodes.stream().mapToLong(node -> Math.max(0, share.applyAsLong(node))).sum();
  }
}
