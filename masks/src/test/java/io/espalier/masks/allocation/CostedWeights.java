package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Counts;
import io.espalier.masks.Mask;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.statistic.Statistics;
import io.espalier.masks.statistic.WeightUses;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Layers of scored weights with a cost each, and what brute force finds of them.
 *
 * @param protectedShare of each layer, rounded down
 */
record CostedWeights(List<float[]> scores, List<Integer> uses, double protectedShare) {
  static CostedWeights random(int parameters, int longest, boolean ties, long seed) {
    Random random = new Random(seed);
    List<float[]> scores = new ArrayList<>();
    List<Integer> uses = new ArrayList<>();
    boolean signed = random.nextBoolean();
    for (int p = 0; p < parameters; p++) {
      scores.add(scores(1 + random.nextInt(longest), ties, signed, random));
      uses.add(random.nextInt(4) == 0 ? 1 : random.nextInt(12));
    }
    return new CostedWeights(scores, uses, random.nextBoolean() ? 0 : .2);
  }

  private static float[] scores(int size, boolean ties, boolean signed, Random random) {
    float[] scores = new float[size];
    for (int i = 0; i < size; i++) {
      float score = ties ? random.nextInt(4) : 8 * random.nextFloat();
      scores[i] = signed ? score - 2 : score;
    }
    return scores;
  }

  CostedWeights scoredAgain(Random random) {
    return new CostedWeights(
        scores.stream().map(each -> scores(each.length, false, false, random)).toList(),
        uses,
        protectedShare);
  }

  private IntStream places() {
    return IntStream.range(0, scores.size());
  }

  private List<ParameterShape> shapes() {
    return Networks.ofSizes(scores.stream().map(each -> each.length).toArray(Integer[]::new));
  }

  List<Mask> all() {
    return scores.stream().map(each -> Mask.allKept(each.length)).toList();
  }

  Statistics statistics() {
    return Statistics.none()
        .withArrays(WeightUses.REQUEST, uses.stream().map(each -> new float[] {each}).toList());
  }

  List<ScoredParameter> scored(List<Mask> candidates) {
    return ScoredParameter.all(shapes(), scores, candidates, 0, statistics());
  }

  Budget budget(double sparsity) {
    return budget(sparsity, all());
  }

  /** Where floors are above the sparsity's count, they are all that is kept. */
  Budget budget(double sparsity, List<Mask> candidates) {
    long total = scores.stream().mapToLong(each -> each.length).sum();
    List<Integer> floors =
        scores.stream().map(each -> (int) (protectedShare * each.length)).toList();
    long least = floors.stream().mapToLong(Integer::longValue).sum();
    return new Budget(
        shapes(),
        sparsity,
        Math.max(least, Counts.kept(sparsity, total)),
        floors,
        candidates.stream().map(Mask::kept).toList());
  }

  List<Integer> counts(MemberSettings settings, double sparsity) {
    return counts(Allocations.of(settings), sparsity);
  }

  List<Integer> counts(Allocation allocation, double sparsity) {
    return allocation.at(scored(all())).counts(budget(sparsity), Ranking.of(scores, all()));
  }

  long dense() {
    return places().mapToLong(p -> (long) uses.get(p) * scores.get(p).length).sum();
  }

  long cost(List<Integer> counts) {
    return places().mapToLong(p -> (long) uses.get(p) * counts.get(p)).sum();
  }

  double sum(List<Integer> counts) {
    return places().mapToDouble(p -> best(p, counts.get(p))).sum();
  }

  private double best(int p, int count) {
    float[] sorted = scores.get(p).clone();
    Arrays.sort(sorted);
    double sum = 0;
    for (int i = sorted.length - count; i < sorted.length; i++) {
      sum += sorted[i];
    }
    return sum;
  }

  /** From the smallest score to the largest, at least a little. */
  double range() {
    double most = Double.NEGATIVE_INFINITY;
    double least = Double.POSITIVE_INFINITY;
    for (float[] each : scores) {
      for (float score : each) {
        most = Math.max(most, score);
        least = Math.min(least, score);
      }
    }
    return 1e-9 + most - least;
  }

  /** What counts take of the dense multiply-accumulates. */
  double share(List<Integer> counts) {
    return dense() == 0 ? 0 : (double) cost(counts) / dense();
  }

  /** A limit between the least that any choice takes and what all weights do. */
  double share(double place, double sparsity) {
    long least = choices(sparsity).mapToLong(this::cost).min().orElseThrow();
    return dense() == 0 ? 0 : (least + Math.floor(place * (dense() - least))) / dense();
  }

  double best(double sparsity, long limit) {
    return choices(sparsity)
        .filter(counts -> cost(counts) <= limit)
        .mapToDouble(this::sum)
        .max()
        .orElseThrow();
  }

  private Stream<List<Integer>> choices(double sparsity) {
    Budget budget = budget(sparsity);
    List<List<Integer>> found = new ArrayList<>();
    choose(budget, budget.kept(), new ArrayList<>(), found);
    return found.stream();
  }

  private static void choose(
      Budget budget, long left, List<Integer> chosen, List<List<Integer>> found) {
    int p = chosen.size();
    if (p == budget.caps().size()) {
      if (left == 0) {
        found.add(List.copyOf(chosen));
      }
      return;
    }
    for (int count = budget.floors().get(p);
        count <= Math.min(left, budget.caps().get(p));
        count++) {
      chosen.add(count);
      choose(budget, left - count, chosen, found);
      chosen.remove(p);
    }
  }

  /** The counts of the best by score less a price of each use. */
  List<Integer> ranked(double price, double sparsity) {
    Budget budget = budget(sparsity);
    int[] counts = budget.floors().stream().mapToInt(Integer::intValue).toArray();
    List<double[]> rest = new ArrayList<>();
    for (int p = 0; p < counts.length; p++) {
      float[] sorted = scores.get(p).clone();
      Arrays.sort(sorted);
      for (int i = 0; i < sorted.length - counts[p]; i++) {
        rest.add(new double[] {p, sorted[i] - price * uses.get(p)});
      }
    }
    rest.sort(Comparator.comparingDouble((double[] each) -> each[1]).reversed());
    long missing = budget.kept() - Arrays.stream(counts).sum();
    rest.stream().limit(missing).forEach(each -> counts[(int) each[0]]++);
    return Arrays.stream(counts).boxed().toList();
  }

  /** An exchange of two weights within the limit that adds to the sum, if there is one. */
  List<Integer> exchangeThatFits(List<Integer> counts, double sparsity, long limit) {
    return choices(sparsity)
        .filter(other -> places().map(p -> Math.abs(other.get(p) - counts.get(p))).sum() == 2)
        .filter(other -> cost(other) <= limit && sum(other) > sum(counts) + 1e-9)
        .findFirst()
        .orElse(List.of());
  }
}
