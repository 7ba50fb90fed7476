package io.espalier.federation.simulation;

import io.espalier.federation.server.DeviceTier;
import java.util.Optional;

/** One client of a simulation: a shard of the examples, and its device. Immutable. */
public final class VirtualClient {
  private final int number;
  private final String name;
  private final DeviceTier tier;
  private final Speed speed;
  private final int[] shard;
  private final Optional<SimulationPlan.Hostile> hostile;

  /** A true one. */
  public VirtualClient(int number, String name, DeviceTier tier, Speed speed, int[] shard) {
    this(number, name, tier, speed, shard, Optional.empty());
  }

  /** {@code number} counts from 0; {@code shard} holds one or more examples and is copied. */
  public VirtualClient(
      int number,
      String name,
      DeviceTier tier,
      Speed speed,
      int[] shard,
      Optional<SimulationPlan.Hostile> hostile) {
    this.number = number;
    this.name = name;
    this.tier = tier;
    this.speed = speed;
    this.shard = shard.clone();
    this.hostile = hostile;
  }

  public int number() {
    return number;
  }

  public String name() {
    return name;
  }

  public DeviceTier tier() {
    return tier;
  }

  public Speed speed() {
    return speed;
  }

  public int examples() {
    return shard.length;
  }

  /** The attack of a false client; empty for a true one. */
  public Optional<SimulationPlan.Hostile> hostile() {
    return hostile;
  }

  boolean mislabels() {
    return hostile.filter(each -> each.attack().mislabels()).isPresent();
  }

  /** A copy of the numbers of its examples, in no particular order. */
  public int[] shard() {
    return shard.clone();
  }
}
