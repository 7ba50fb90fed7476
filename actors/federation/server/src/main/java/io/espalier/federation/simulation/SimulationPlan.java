package io.espalier.federation.simulation;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.espalier.configs.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * The assumptions of a simulation about its clients.
 *
 * @param hostile the false ones among them, the last ones; empty if all are true
 */
public record SimulationPlan(
    int clients,
    @JsonUnwrapped Shards shards,
    @JsonUnwrapped Devices devices,
    @JsonUnwrapped Presence presence,
    Optional<Hostile> hostile) {
  private static final double LEAST_ALPHA = 1e-9;
  private static final double LARGEST_ALPHA = 1e9;

  private static final double ROUNDING = 1e-6;

  /** Devices that hold at most {@code cap} of the prunable weights. */
  public record DensityTier(double cap, double share) {
    public DensityTier {
      requireShare(
          new Rules().require("density cap", cap, cap > 0 && cap <= 1, "above 0 and up to 1"),
          share);
    }
  }

  /** Devices whose memory holds {@code width} of the network's channels. */
  public record WidthTier(double width, double share) {
    public WidthTier {
      requireShare(
          new Rules().require("width", width, width > 0 && width <= 1, "above 0 and up to 1"),
          share);
    }
  }

  /** Devices with {@code bytes} for training, beside program and data. */
  public record MemoryTier(long bytes, double share) {
    public MemoryTier {
      requireShare(new Rules().require("memory cap", bytes, bytes > 0, "above 0 bytes"), share);
    }
  }

  /** Clients that attack; {@code claim} is the number of examples that they say they have. */
  public record Hostile(int clients, Attack attack, Optional<Integer> claim) {
    public Hostile {
      new Rules()
          .require("hostile clients", clients, clients >= 1, "1 or more")
          .require(
              "claimed examples",
              claim.map(String::valueOf).orElse("none"),
              claim.filter(count -> count < 1).isEmpty(),
              "1 or more")
          .verify();
    }
  }

  /**
   * The clients' data.
   *
   * @param dirichlet concentration of the labels' shares; empty for shards that are all alike
   * @param examples dealt to the clients; empty for all
   */
  public record Shards(Optional<Double> dirichlet, Optional<Integer> examples) {}

  /**
   * The clients' memory. Caps and widths are dealt in the order of the clients: the first have the
   * first of each.
   *
   * @param widths of the clients' networks, as shares of its channels; empty if memory caps choose
   *     them, or if all have the whole one
   * @param memoryCaps memory that training may take: each client has the widest network that fits,
   *     as the server of a federation chooses it; empty for any, or if widths are given
   */
  public record Devices(
      List<DensityTier> tiers,
      Optional<List<WidthTier>> widths,
      Optional<List<MemoryTier>> memoryCaps) {
    public Devices {
      tiers = List.copyOf(tiers);
      widths = widths.map(List::copyOf);
      memoryCaps = memoryCaps.map(List::copyOf);
    }

    /** Devices that differ in density only. */
    public Devices(List<DensityTier> tiers) {
      this(tiers, Optional.empty(), Optional.empty());
    }
  }

  /**
   * The clients' time.
   *
   * @param availability probability that a client is present in a round, or the name of a trace
   *     file
   * @param speeds spread of the seconds per step, or the name of a file
   * @param dropOut probability that an invited client leaves while it works
   */
  public record Presence(String availability, String speeds, double dropOut) {}

  /** One whose clients are all true. */
  public SimulationPlan(int clients, Shards shards, Devices devices, Presence presence) {
    this(clients, shards, devices, presence, Optional.empty());
  }

  public SimulationPlan with(Hostile clientsThatAttack) {
    return new SimulationPlan(clients, shards, devices, presence, Optional.of(clientsThatAttack));
  }

  private static void requireShare(Rules rules, double share) {
    rules.require("share", share, share > 0 && share <= 1, "above 0 and up to 1").verify();
  }

  public SimulationPlan {
    List<DensityTier> tiers = devices.tiers();
    Optional<List<WidthTier>> widths = devices.widths();
    Optional<List<MemoryTier>> memoryCaps = devices.memoryCaps();
    Optional<Double> dirichlet = shards.dirichlet();
    Optional<Integer> examples = shards.examples();
    double dropOut = presence.dropOut();
    List<Double> shares = tiers.stream().map(DensityTier::share).toList();
    List<Double> widthShares = widths.stream().flatMap(List::stream).map(WidthTier::share).toList();
    List<Double> memoryShares =
        memoryCaps.stream().flatMap(List::stream).map(MemoryTier::share).toList();
    new Rules()
        .require("clients", clients, clients >= 1 && clients <= 1_000_000, "from 1 to 1000000")
        .require(
            "dirichlet",
            dirichlet.map(String::valueOf).orElse("none"),
            dirichlet.filter(alpha -> !isAlpha(alpha)).isEmpty(),
            "from 1e-9 to 1e9")
        .require(
            "examples",
            examples.map(String::valueOf).orElse("all"),
            examples.filter(count -> count < clients).isEmpty(),
            "one for each client at least")
        .require("density-caps", tiers, areAll(shares), "shares that add up to 1")
        .require(
            "widths",
            widths.map(String::valueOf).orElse("none"),
            widths.isEmpty() || areAll(widthShares),
            "shares that add up to 1")
        .require(
            "memory-caps",
            memoryCaps.map(String::valueOf).orElse("none"),
            memoryCaps.isEmpty() || areAll(memoryShares),
            "shares that add up to 1")
        .require(
            "widths",
            "given",
            widths.isEmpty() || memoryCaps.isEmpty(),
            "left away where memory-caps choose them")
        .require(
            "hostile",
            hostile.map(each -> "" + each.clients()).orElse("0"),
            hostile.filter(each -> each.clients() > clients).isEmpty(),
            "no more than all clients")
        .require("drop-out", dropOut, dropOut >= 0 && dropOut < 1, "at least 0 and below 1")
        .verify();
  }

  private static boolean areAll(List<Double> shares) {
    return Math.abs(shares.stream().mapToDouble(Double::doubleValue).sum() - 1) < ROUNDING;
  }

  List<Double> densityCaps() {
    return dealt(devices.tiers(), DensityTier::cap, DensityTier::share, clients);
  }

  /** One value for each client, in order; counts differ from the shares by less than one. */
  static <T, V> List<V> dealt(
      List<T> tiers, Function<T, V> value, ToDoubleFunction<T> share, int clients) {
    List<V> dealt = new ArrayList<>();
    double sum = 0;
    for (T tier : tiers) {
      sum += share.applyAsDouble(tier);
      long until = Math.round(sum * clients);
      while (dealt.size() < until) {
        dealt.add(value.apply(tier));
      }
    }
    return dealt;
  }

  private static boolean isAlpha(double alpha) {
    return alpha >= LEAST_ALPHA && alpha <= LARGEST_ALPHA;
  }
}
