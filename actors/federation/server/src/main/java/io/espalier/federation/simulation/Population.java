package io.espalier.federation.simulation;

import io.espalier.configs.InvalidConfigException;
import io.espalier.federation.server.DeviceTier;
import io.espalier.masks.federated.DirichletPartition;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.federated.NarrowNetwork;
import io.espalier.trainer.federated.NestedNetworks;
import io.espalier.trainer.federated.PreparedFederation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** All clients of a simulation: a function of recipe and plan. Immutable. */
public final class Population {
  /** A batch of one example cannot be normalised. */
  private static final int FEWEST_EXAMPLES = 2;

  private final List<VirtualClient> clients;
  private final Map<String, VirtualClient> byName = new HashMap<>();
  private final Availability availability;

  public Population(List<VirtualClient> clients, Availability availability) {
    this.clients = List.copyOf(clients);
    this.availability = availability;
    clients.forEach(client -> byName.put(client.name(), client));
  }

  /**
   * Deals the federation's examples to the clients of a plan.
   *
   * @throws InvalidConfigException if there are too few examples, or no network for a client
   * @throws io.espalier.trainer.file.MalformedFileException if a file is malformed
   */
  public static Population of(PreparedFederation federation, SimulationPlan plan, Path folder)
      throws IOException {
    int count = plan.clients();
    requireClaim(federation, plan);
    long seed = federation.run().config().seed();
    List<int[]> shards = shards(federation, plan, seed);
    List<Double> caps = plan.densityCaps();
    List<Double> widths = widths(federation, plan);
    List<Speed> speeds = SpeedModel.of(plan.presence().speeds(), folder, count, seed);
    String format = "client-%0" + String.valueOf(count).length() + "d";
    return new Population(
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    new VirtualClient(
                        i,
                        format.formatted(i + 1),
                        new DeviceTier(caps.get(i), widths.get(i)),
                        speeds.get(i),
                        shards.get(i),
                        plan.hostile().filter(hostile -> i >= count - hostile.clients())))
            .toList(),
        Availability.of(plan.presence().availability(), folder, count, seed));
  }

  private static void requireClaim(PreparedFederation federation, SimulationPlan plan) {
    int most = federation.rounds().merge().largestExamples();
    plan.hostile()
        .flatMap(SimulationPlan.Hostile::claim)
        .filter(claim -> claim > most)
        .ifPresent(
            claim -> {
              throw InvalidConfigException.of(
                  "federation.largest-examples",
                  "must admit the examples that hostile clients claim, as a server refuses others: claimed=%d, largest-examples=%d"
                      .formatted(claim, most));
            });
  }

  private static List<Double> widths(PreparedFederation federation, SimulationPlan plan) {
    return plan.devices()
        .memoryCaps()
        .map(tiers -> fittingWidths(federation, tiers, plan.clients()))
        .orElseGet(() -> givenWidths(federation, plan));
  }

  private static List<Double> fittingWidths(
      PreparedFederation federation, List<SimulationPlan.MemoryTier> tiers, int clients) {
    NestedNetworks networks = NestedNetworks.of(federation);
    return SimulationPlan.dealt(
            tiers, SimulationPlan.MemoryTier::bytes, SimulationPlan.MemoryTier::share, clients)
        .stream()
        .map(cap -> widest(networks, cap))
        .toList();
  }

  private static double widest(NestedNetworks networks, long cap) {
    return networks
        .within(cap)
        .map(NarrowNetwork::width)
        .orElseThrow(
            () ->
                InvalidConfigException.of(
                    "federation.widths",
                    "must have a network that the smallest clients have memory for: memory-cap=%d bytes, needed=%d bytes, width=%s; raise --memory-caps, or add a narrower width"
                        .formatted(
                            cap,
                            networks.narrowest().trainingBytes(),
                            networks.narrowest().width())));
  }

  private static List<Double> givenWidths(PreparedFederation federation, SimulationPlan plan) {
    List<SimulationPlan.WidthTier> tiers =
        plan.devices().widths().orElse(List.of(new SimulationPlan.WidthTier(1, 1)));
    List<Double> known = federation.rounds().client().widths();
    for (SimulationPlan.WidthTier tier : tiers) {
      if (!known.contains(tier.width())) {
        throw InvalidConfigException.of(
            "federation.widths",
            "must have the widths of all clients: width=%s, widths=%s"
                .formatted(tier.width(), known));
      }
    }
    return SimulationPlan.dealt(
        tiers, SimulationPlan.WidthTier::width, SimulationPlan.WidthTier::share, plan.clients());
  }

  private static List<int[]> shards(PreparedFederation federation, SimulationPlan plan, long seed) {
    int[] all = federation.clientExamples();
    int count = plan.shards().examples().orElse(all.length);
    if (count > all.length || plan.clients() > count) {
      throw InvalidConfigException.of(
          "data",
          "must have an example for each client, and as many as are asked for: clients=%d, examples=%d, there are=%d"
              .formatted(plan.clients(), count, all.length));
    }
    int[] examples = Arrays.copyOf(all, count);
    return plan.shards()
        .dirichlet()
        .map(alpha -> skewed(federation.run().dataset(), examples, plan.clients(), alpha, seed))
        .orElseGet(() -> alike(examples, plan.clients()));
  }

  private static List<int[]> skewed(
      Dataset data, int[] examples, int clients, double alpha, long seed) {
    int[] labels = IntStream.of(examples).map(data.train()::label).toArray();
    int fewest = Math.min(FEWEST_EXAMPLES, examples.length / clients);
    return DirichletPartition.of(labels, data.classes(), clients, alpha, fewest, seed).stream()
        .map(part -> IntStream.of(part).map(place -> examples[place]).toArray())
        .toList();
  }

  private static List<int[]> alike(int[] examples, int clients) {
    List<int[]> parts = new ArrayList<>();
    for (long i = 0; i < clients; i++) {
      int from = (int) (i * examples.length / clients);
      int until = (int) ((i + 1) * examples.length / clients);
      parts.add(Arrays.copyOfRange(examples, from, until));
    }
    return parts;
  }

  /** In the order of their names. */
  public List<VirtualClient> clients() {
    return clients;
  }

  public VirtualClient client(String name) {
    VirtualClient client = byName.get(name);
    if (client == null) {
      throw new IllegalArgumentException("a client must be of the simulation: client=" + name);
    }
    return client;
  }

  public Availability availability() {
    return availability;
  }

  public SortedMap<DeviceTier, Integer> tiers() {
    SortedMap<DeviceTier, Integer> tiers = new TreeMap<>();
    clients.forEach(client -> tiers.merge(client.tier(), 1, Integer::sum));
    return tiers;
  }
}
