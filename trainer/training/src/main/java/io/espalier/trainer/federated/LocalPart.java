package io.espalier.trainer.federated;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RunConfig;
import io.espalier.masks.federated.DirichletPartition;
import io.espalier.trainer.data.Dataset;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * A share of one data set as a client's own data. Parts that differ only in {@code part} are
 * disjoint, also from a server's share of the same data.
 *
 * @param part from 1
 * @param alpha of the Dirichlet distribution of classes; empty for equal distributions
 * @param examples number dealt, first in the recipe's seeded order; empty for all
 * @param seed of the deal; empty for the recipe's
 */
public record LocalPart(
    int part, int parts, OptionalDouble alpha, OptionalInt examples, OptionalLong seed) {
  private static final int FEWEST = 2;
  private static final double LEAST_ALPHA = 1e-9;
  private static final double LARGEST_ALPHA = 1e9;

  public LocalPart {
    require(
        part >= 1 && part <= parts,
        "--part",
        "must be K/N with K from 1 to N: part=%d/%d".formatted(part, parts));
    require(
        alpha.isEmpty()
            || (alpha.getAsDouble() >= LEAST_ALPHA && alpha.getAsDouble() <= LARGEST_ALPHA),
        "--dirichlet",
        "must be from 1e-9 to 1e9: dirichlet=" + alpha.orElse(0));
    require(
        examples.isEmpty() || examples.getAsInt() >= 1,
        "--examples",
        "must be 1 or more: examples=" + examples.orElse(0));
  }

  /** Parses {@code K/N} and the other arguments; empty means all of the data. */
  public static Optional<LocalPart> of(
      Optional<String> part, OptionalDouble alpha, OptionalInt examples, OptionalLong seed) {
    String text = part.orElse("1/1");
    String[] numbers = text.split("/", -1);
    require(
        numbers.length == 2 && Arrays.stream(numbers).allMatch(each -> each.matches("\\d{1,6}")),
        "--part",
        "must be K/N, such as 1/4: part=" + text);
    if (part.isEmpty() && examples.isEmpty()) {
      require(
          alpha.isEmpty(),
          "--dirichlet",
          "must come with --part K/N: dirichlet=" + alpha.orElse(0));
      return Optional.empty();
    }
    return Optional.of(
        new LocalPart(
            Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]), alpha, examples, seed));
  }

  int[] of(RunConfig config, Dataset whole) {
    int[] order = PreparedFederation.over(config, whole).clientExamples();
    int count = examples.orElse(order.length);
    require(
        count <= order.length,
        "--examples",
        "must not be more than there are beside the server's: examples=%d, there are=%d"
            .formatted(count, order.length));
    require(
        (long) parts * FEWEST <= count,
        "--part",
        "must leave each %d examples or more: parts=%d, examples=%d"
            .formatted(FEWEST, parts, count));
    int[] dealt = Arrays.copyOf(order, count);
    return alpha.isPresent()
        ? skewed(dealt, whole, alpha.getAsDouble(), seed.orElse(config.seed()))
        : alike(dealt);
  }

  private int[] alike(int[] dealt) {
    return IntStream.range(0, dealt.length)
        .filter(i -> i % parts == part - 1)
        .map(i -> dealt[i])
        .toArray();
  }

  private int[] skewed(int[] dealt, Dataset whole, double concentration, long dealSeed) {
    int[] labels = Arrays.stream(dealt).map(whole.train()::label).toArray();
    int[] own =
        DirichletPartition.of(labels, whole.classes(), parts, concentration, FEWEST, dealSeed)
            .get(part - 1);
    return Arrays.stream(own).map(i -> dealt[i]).toArray();
  }

  private static void require(boolean holds, String option, String message) {
    if (!holds) {
      throw InvalidConfigException.of(option, message);
    }
  }
}
