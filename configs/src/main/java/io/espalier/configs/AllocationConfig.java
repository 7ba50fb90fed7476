package io.espalier.configs;

/** How the kept units are shared out among parameters. */
public sealed interface AllocationConfig {
  /** The same density for every parameter. */
  record Uniform() implements AllocationConfig {}

  /** One ranking of all units; each parameter keeps what it has among the best. */
  record Global() implements AllocationConfig {}

  /** Erdős–Rényi (Mocanu et al., 2018): density grows as (in + out) / (in · out). */
  record ErdosRenyi(double power) implements AllocationConfig {
    public ErdosRenyi {
      requirePower(power);
    }
  }

  /** Erdős–Rényi kernel (Evci et al., 2020): as {@link ErdosRenyi}, counting kernel sizes too. */
  record ErdosRenyiKernel(double power) implements AllocationConfig {
    public ErdosRenyiKernel {
      requirePower(power);
    }
  }

  /**
   * The choice of the highest sum of scores that a budget allows, by an exact multiple-choice
   * knapsack over the groups of channels (SMCP, Humble et al., 2022).
   *
   * @param chunk channels that are chosen together
   */
  record Knapsack(int chunk) implements AllocationConfig {
    public Knapsack {
      new Rules().require("chunk", chunk, chunk >= 1 && chunk <= 65536, "from 1 to 65536").verify();
    }
  }

  /** An allocation that the user brings. */
  record Custom(CustomSettings settings) implements AllocationConfig {}

  /** Whether it can share out units of a granularity. */
  default boolean allocates(GranularityConfig granularity) {
    return granularity instanceof GranularityConfig.Channel
        ? this instanceof Global || this instanceof Uniform || this instanceof Knapsack
        : !(this instanceof Knapsack);
  }

  private static void requirePower(double power) {
    new Rules().require("power", power, power >= 0 && power <= 10, "from 0 to 10").verify();
  }
}
