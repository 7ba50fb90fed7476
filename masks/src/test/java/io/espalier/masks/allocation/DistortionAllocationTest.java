package io.espalier.masks.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.statistic.OutputDistortion;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DistortionAllocationTest {
  private static final MemberSettings RD =
      MemberSettings.of("rd").with("batches", 2).with("amounts", 4).with("curve", "mean");

  /** Of 4 weights .1, .5, 2 and 9 at quarters; of 6 weights .3 and 5 at halves. */
  private static final AllocationCase WORKED =
      new AllocationCase(
          Networks.ofSizes(4, 6),
          List.of(new float[4], new float[6]),
          List.of(new float[] {.1f, .5f, 2, 9}, new float[] {.3f, 5}),
          0);

  @Test
  void rd_requestsItsCurves() {
    assertThat(Allocations.of(RD).requests())
        .containsExactly(StatisticRequest.of(new OutputDistortion(4, false), 2));
  }

  @Test
  void rd_ofTheWorkedCurves_takesTheWorkedAmounts() {
    assertThat(WORKED.counts(RD, .5)).containsExactly(2, 3);
    assertThat(WORKED.counts(RD, .3)).containsExactly(4, 3);
    assertThat(WORKED.counts(RD, 0)).containsExactly(4, 6);
    assertThat(WORKED.counts(RD, 1)).containsExactly(0, 0);
  }

  /** Of 6 the amounts take 5: .8 for 2 and 3, .4 for 3 and 3, which is all of the budget. */
  @Test
  void rd_whereAmountsLeaveSome_givesItToAll() {
    assertThat(WORKED.counts(RD, .4)).containsExactly(3, 3);
    // 8: the cheapest is .3 for 4 and 3, and the last weight is of the second, which has room
    assertThat(WORKED.counts(RD, .2)).containsExactly(4, 4);
    assertThat(WORKED.counts(RD, .1)).containsExactly(3, 6);
  }

  @Property(tries = 300, seed = "1")
  void rd_ofAnyCurves_hasTheLeastSumOfAllChoices(
      @ForAll @IntRange(min = 1, max = 4) int parameters,
      @ForAll @IntRange(min = 1, max = 6) int amounts,
      @ForAll @DoubleRange(min = 0, max = 1) double sparsity,
      @ForAll long seed) {
    Random random = new Random(seed);
    List<Integer> sizes = new ArrayList<>();
    List<float[]> curves = new ArrayList<>();
    for (int p = 0; p < parameters; p++) {
      sizes.add(1 + random.nextInt(40));
      float[] curve = new float[amounts];
      for (int amount = 0; amount < amounts; amount++) {
        curve[amount] = random.nextInt(4) == 0 ? 0 : random.nextFloat();
      }
      curves.add(curve);
    }
    List<ParameterShape> shapes = Networks.ofSizes(sizes.toArray(Integer[]::new));
    long total = sizes.stream().mapToLong(Integer::longValue).sum();
    long kept = total - (long) (sparsity * total);
    Budget budget = new Budget(shapes, sparsity, kept, Collections.nCopies(parameters, 0), sizes);

    List<Integer> found = LeastDistortion.chosen(budget, curves);

    assertThat(found.stream().mapToLong(Integer::longValue).sum()).isLessThanOrEqualTo(kept);
    assertThat(sumAt(found, sizes, curves)).isCloseTo(least(0, kept, sizes, curves), within(1e-9));
  }

  private static double sumAt(List<Integer> counts, List<Integer> sizes, List<float[]> curves) {
    double sum = 0;
    for (int p = 0; p < counts.size(); p++) {
      double least = Double.POSITIVE_INFINITY;
      for (int amount = 0; amount <= curves.get(p).length; amount++) {
        if (left(sizes.get(p), amount, curves.get(p).length) == counts.get(p)) {
          least = Math.min(least, amount == 0 ? 0 : curves.get(p)[amount - 1]);
        }
      }
      sum += least;
    }
    return sum;
  }

  private static double least(int p, long budget, List<Integer> sizes, List<float[]> curves) {
    if (p == sizes.size()) {
      return 0;
    }
    double best = Double.POSITIVE_INFINITY;
    float[] curve = curves.get(p);
    for (int amount = 0; amount <= curve.length; amount++) {
      int left = left(sizes.get(p), amount, curve.length);
      if (left <= budget) {
        double here = amount == 0 ? 0 : curve[amount - 1];
        best = Math.min(best, here + least(p + 1, budget - left, sizes, curves));
      }
    }
    return best;
  }

  private static int left(int size, int amount, int amounts) {
    return size - size * amount / amounts;
  }
}
