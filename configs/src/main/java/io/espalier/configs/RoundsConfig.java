package io.espalier.configs;

/**
 * The rounds of a federation.
 *
 * @param rounds aggregations of a run
 * @param evaluateEvery rounds between evaluations on the server's test set
 */
public record RoundsConfig(
    int rounds,
    int evaluateEvery,
    CohortConfig cohort,
    ClientConfig client,
    MergeConfig merge,
    ServerTrainingConfig server) {
  public RoundsConfig {
    new Rules()
        .require("rounds", rounds, rounds >= 1, "1 or more")
        .require("evaluate-every", evaluateEvery, evaluateEvery >= 1, "1 or more")
        .verify();
  }

  /**
   * Fewest results with which a round may close: its quorum, and what its merge rule takes; a round
   * whose whole cohort has reported closes in any case.
   */
  public int fewest() {
    return Math.max(merge.aggregation().smallestReports(), cohort.enough());
  }

  /**
   * Throws {@link InvalidConfigException} if no round could have the results that the merge rule
   * takes.
   */
  public void requireEnoughReports() {
    int smallest = merge.aggregation().smallestReports();
    if (cohort.size() < smallest) {
      throw InvalidConfigException.of(
          "federation.cohort",
          "must be at least as many clients as federation.aggregation takes to stand a false one: cohort=%d, aggregation=%s, smallest=%d; raise federation.cohort, or take federation.aggregation = mean"
              .formatted(cohort.size(), merge.aggregation().name(), smallest));
    }
  }

  /** The server's merge rule for the clients' values of a weight. */
  public sealed interface AggregationConfig {
    /**
     * The fewest results of a round at which the rule stands one that may be anything, or as many
     * as it is told to.
     */
    int smallestReports();

    String name();

    /** Mean over the clients that hold the weight, each by its number of examples. */
    record Mean() implements AggregationConfig {
      @Override
      public int smallestReports() {
        return 1;
      }

      @Override
      public String name() {
        return "mean";
      }
    }

    /** Mean without the {@code drop} largest and smallest values. */
    record TrimmedMean(int drop) implements AggregationConfig {
      public TrimmedMean {
        new Rules().require("drop", drop, isCount(drop), "from 0 to 50000").verify();
      }

      @Override
      public int smallestReports() {
        return 2 * drop + 1;
      }

      @Override
      public String name() {
        return "trimmed-mean";
      }
    }

    /** Median over the clients that hold the weight. */
    record Median() implements AggregationConfig {
      @Override
      public int smallestReports() {
        return 3;
      }

      @Override
      public String name() {
        return "median";
      }
    }

    /**
     * The update nearest to its neighbours (Blanchard et al., 2017); tolerates {@code faulty}
     * clients.
     */
    record Krum(int faulty) implements AggregationConfig {
      public Krum {
        new Rules().require("faulty", faulty, isCount(faulty), "from 0 to 50000").verify();
      }

      @Override
      public int smallestReports() {
        return 2 * faulty + 3;
      }

      @Override
      public String name() {
        return "krum";
      }
    }

    private static boolean isCount(int clients) {
      return clients >= 0 && clients <= 50_000;
    }
  }

  /** How the numbers of an update travel. What rounding loses is sent with the next update. */
  public enum UpdateEncoding {
    FP32,
    FP16,
    /** One byte each with a scale per block. */
    INT8;

    public boolean isExact() {
      return this == FP32;
    }
  }
}
