package io.espalier.masks.federated;

import io.espalier.masks.random.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Deals a labelled data set to clients so that their labels differ: each class is shared out among
 * all clients in proportions drawn from a Dirichlet distribution ("Bayesian nonparametric federated
 * learning of neural networks", Yurochkin et al., 2019).
 *
 * <p>With a large α every client has about the same share of every class, .5 is the usual skewed
 * setting, and towards 0 each class goes to one client. Every example goes to exactly one client.
 * The result is a function of the arguments, on every platform.
 */
public final class DirichletPartition {
  /** Separates these draws from all others of the same seed. */
  private static final long DOMAIN = 0x6469726963686cL;

  private static final double LEAST_ALPHA = 1e-9;
  private static final double LARGEST_ALPHA = 1e9;

  private DirichletPartition() {}

  /**
   * Indices of each client's examples, ascending.
   *
   * @param labels class of each example, from 0 to below {@code classes}
   * @param clients number of parts, 1 or more
   * @param alpha from 1e-9 to 1e9
   * @param atLeast fewest examples of a client, 0 or more; those with fewer get some from those who
   *     have most
   * @throws IllegalArgumentException if there are too few examples for that
   */
  public static List<int[]> of(
      int[] labels, int classes, int clients, double alpha, int atLeast, long seed) {
    if (clients < 1 || atLeast < 0 || (long) clients * atLeast > labels.length) {
      throw new IllegalArgumentException(
          ("there must be a client or more, and examples enough for each: clients=%d, at least=%d,"
                  + " examples=%d")
              .formatted(clients, atLeast, labels.length));
    }
    if (!(alpha >= LEAST_ALPHA && alpha <= LARGEST_ALPHA)) {
      throw new IllegalArgumentException("alpha must be from 1e-9 to 1e9: alpha=" + alpha);
    }
    List<List<Integer>> parts =
        IntStream.range(0, clients).<List<Integer>>mapToObj(k -> new ArrayList<>()).toList();
    List<List<Integer>> byClass = byClass(labels, classes);
    for (int c = 0; c < classes; c++) {
      RandomDraws draws = new RandomDraws(CounterRandom.of(seed, DOMAIN, c));
      List<Integer> examples = byClass.get(c);
      shuffle(examples, draws);
      deal(examples, shares(clients, alpha, draws), parts);
    }
    fill(parts, atLeast);
    return parts.stream()
        .map(part -> part.stream().mapToInt(Integer::intValue).sorted().toArray())
        .toList();
  }

  private static List<List<Integer>> byClass(int[] labels, int classes) {
    List<List<Integer>> byClass =
        IntStream.range(0, classes).<List<Integer>>mapToObj(c -> new ArrayList<>()).toList();
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes) {
        throw new IllegalArgumentException(
            ("a label must be from 0 to below the number of classes: example=%d, label=%d,"
                    + " classes=%d")
                .formatted(i, labels[i], classes));
      }
      byClass.get(labels[i]).add(i);
    }
    return byClass;
  }

  private static void shuffle(List<Integer> examples, RandomDraws draws) {
    for (int i = examples.size() - 1; i > 0; i--) {
      Collections.swap(examples, i, draws.below(i + 1));
    }
  }

  private static double[] shares(int clients, double alpha, RandomDraws draws) {
    double[] logs = IntStream.range(0, clients).mapToDouble(k -> draws.logGamma(alpha)).toArray();
    double largest = Arrays.stream(logs).max().orElseThrow();
    double[] shares = Arrays.stream(logs).map(log -> StrictMath.exp(log - largest)).toArray();
    double sum = 0;
    for (double share : shares) {
      sum += share;
    }
    for (int k = 0; k < clients; k++) {
      shares[k] /= sum;
    }
    return shares;
  }

  private static void deal(List<Integer> examples, double[] shares, List<List<Integer>> parts) {
    double sum = 0;
    int start = 0;
    for (int k = 0; k < shares.length; k++) {
      sum += shares[k];
      boolean last = k == shares.length - 1;
      int end =
          last
              ? examples.size()
              : (int) Math.min(examples.size(), Math.floor(sum * examples.size() + 1e-9));
      parts.get(k).addAll(examples.subList(start, end));
      start = end;
    }
  }

  private static void fill(List<List<Integer>> parts, int atLeast) {
    for (List<Integer> part : parts) {
      while (part.size() < atLeast) {
        List<Integer> largest = largest(parts);
        part.add(largest.remove(largest.size() - 1));
      }
    }
  }

  private static List<Integer> largest(List<List<Integer>> parts) {
    List<Integer> largest = parts.get(0);
    for (List<Integer> part : parts) {
      largest = part.size() > largest.size() ? part : largest;
    }
    return largest;
  }
}
