package io.espalier.configs;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The rounds of a federation.
 *
 * @param rounds aggregations of a run
 * @param cohort results that a round waits for
 * @param overCommit share of the cohort that is invited beyond it, as some will be late
 * @param quorum share of the cohort whose results are enough once all others are late
 * @param deadline time without progress after which a client counts as late
 * @param roundLimit time after which a client is late in any case
 * @param localEpochs passes of a client over its data in one round, 1 to 1000000
 * @param proximal factor of the pull towards the global weights (FedProx, Li et al., 2020); 0 for
 *     none
 * @param clipNorm norm that a client's update is scaled down to; empty for any
 * @param largestNorm norm beyond which a client's update is refused; empty for any
 * @param normBound norm, as a multiple of the round's median, that a mean scales a client's update
 *     down to; empty for any
 * @param weightBound examples, as a multiple of the round's median, that a client counts by at
 *     most; empty for any
 * @param lossBound how much a round may raise the loss on the server's held-out examples to be
 *     adopted, as a multiple of the loss of guessing; empty for any
 * @param largestExamples examples that a client may count by at most
 * @param encoding how clients send their updates
 * @param aggregation how the server merges them
 * @param heldBack share of a client's data that judges candidates and is not trained on
 * @param serverExamples examples of the server's own data that the network is trained on before the
 *     first round
 * @param serverEpochs passes over them; 0 for none
 * @param evaluateEvery rounds between evaluations on the server's test set
 * @param widths shares of the network's channels that devices may have, by their memory: the first
 *     of each group, so that a narrower network is a part of a wider one; from 1 down
 * @param scaler whether a narrow network computes and learns as the whole one would whose channels
 *     are copies of its own
 */
public record RoundsConfig(
    int rounds,
    int cohort,
    double overCommit,
    double quorum,
    Duration deadline,
    Duration roundLimit,
    int localEpochs,
    double proximal,
    Optional<Double> clipNorm,
    Optional<Double> largestNorm,
    Optional<Double> normBound,
    Optional<Double> weightBound,
    Optional<Double> lossBound,
    int largestExamples,
    UpdateEncoding encoding,
    AggregationConfig aggregation,
    double heldBack,
    int serverExamples,
    int serverEpochs,
    int evaluateEvery,
    List<Double> widths,
    boolean scaler) {
  private static final int MOST_WIDTHS = 16;
  private static final int MOST_LOCAL_EPOCHS = 1_000_000;

  public static final List<Double> WHOLE = List.of(1.0);

  public RoundsConfig {
    widths = widths.stream().sorted(Comparator.reverseOrder()).toList();
    new Rules()
        .require("rounds", rounds, rounds >= 1, "1 or more")
        .require("cohort", cohort, cohort >= 1 && cohort <= 100_000, "from 1 to 100000")
        .require("over-commit", overCommit, overCommit >= 0 && overCommit <= 10, "from 0 to 1000%")
        .require("quorum", quorum, quorum > 0 && quorum <= 1, "above 0 and up to 100%")
        .require(
            "deadline",
            deadline,
            deadline.compareTo(Duration.ofSeconds(1)) >= 0,
            "1 second or more")
        .require(
            "round-limit",
            roundLimit,
            roundLimit.compareTo(deadline) >= 0,
            "as long as the deadline at least")
        .require("largest-examples", largestExamples, largestExamples >= 1, "1 or more")
        .require(
            "local-epochs",
            localEpochs,
            localEpochs >= 1 && localEpochs <= MOST_LOCAL_EPOCHS,
            "from 1 to " + MOST_LOCAL_EPOCHS)
        .require("proximal", proximal, proximal >= 0 && Double.isFinite(proximal), "0 or more")
        .require("clip-norm", shown(clipNorm), isNorm(clipNorm), "above 0, or none")
        .require("largest-norm", shown(largestNorm), isNorm(largestNorm), "above 0, or none")
        .require("norm-bound", shown(normBound), isFactor(normBound), "1 or more, or none")
        .require("weight-bound", shown(weightBound), isFactor(weightBound), "1 or more, or none")
        .require("loss-bound", shown(lossBound), isNorm(lossBound), "above 0, or none")
        .require("held-back", heldBack, heldBack >= 0 && heldBack < 1, "at least 0 and below 1")
        .require("server-examples", serverExamples, serverExamples >= 0, "0 or more")
        .require("server-epochs", serverEpochs, serverEpochs >= 0, "0 or more")
        .require("evaluate-every", evaluateEvery, evaluateEvery >= 1, "1 or more")
        .require(
            "widths",
            widths,
            areWidths(widths),
            "100% and up to 15 others, each once, above 0 and below 100%")
        .verify();
  }

  /** Clients invited to a round, including the surplus. */
  public int invited() {
    return Math.toIntExact((long) Math.ceil(cohort * (1 + overCommit) - 1e-9));
  }

  /**
   * Fewest results with which a round may close: its quorum, and what its merge rule takes; a round
   * whose whole cohort has reported closes in any case.
   */
  public int fewest() {
    return Math.max(aggregation.smallestReports(), (int) Math.ceil(cohort * quorum - 1e-9));
  }

  /**
   * Throws {@link InvalidConfigException} if no round could have the results that the merge rule
   * takes.
   */
  public void requireEnoughReports() {
    int smallest = aggregation.smallestReports();
    if (cohort < smallest) {
      throw InvalidConfigException.of(
          "federation.cohort",
          "must be at least as many clients as federation.aggregation takes to stand a false one: cohort=%d, aggregation=%s, smallest=%d; raise federation.cohort, or take federation.aggregation = mean"
              .formatted(cohort, aggregation.name(), smallest));
    }
  }

  /** The whole network must be among them: no client would train the rest of it. */
  private static boolean areWidths(List<Double> widths) {
    return !widths.isEmpty()
        && widths.size() <= MOST_WIDTHS
        && widths.stream().distinct().count() == widths.size()
        && widths.get(0) == 1
        && widths.get(widths.size() - 1) > 0;
  }

  private static boolean isNorm(Optional<Double> norm) {
    return norm.filter(value -> !(value > 0 && Double.isFinite(value))).isEmpty();
  }

  private static boolean isFactor(Optional<Double> bound) {
    return bound.filter(value -> !(value >= 1 && Double.isFinite(value))).isEmpty();
  }

  private static String shown(Optional<Double> norm) {
    return norm.map(String::valueOf).orElse("none");
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
