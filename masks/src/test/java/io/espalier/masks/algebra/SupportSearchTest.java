package io.espalier.masks.algebra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SupportSearchTest {
  private static final float[] ROWS = {1, 2, 0, 0, 1, 1};
  private static final float[] WEIGHTS = {1, -.5f, 2};

  /** λ is .1, the mean of the diagonal 7/6. */
  private static LowRankCurvature worked() {
    return new LowRankCurvature(ROWS, 3, .1 / (7 / 6.));
  }

  private static int[] all(int size) {
    return IntStream.range(0, size).toArray();
  }

  /** Supports of two have the objectives .432143, .272917 and .090076, which is .5 above. */
  @Test
  void shrink_toTwoOfTheWorkedThree_findsTheBestSupport() {
    SupportSearch search = new SupportSearch(worked(), all(3), WEIGHTS, true);

    search.shrink(2);

    assertThat(search.places()).containsExactly(1, 2);
    assertThat(search.values()).containsExactly(new double[] {-.538168, 1.198473}, within(1e-6));
    assertThat(search.loss()).isCloseTo(.090076 - .5, within(1e-6));
  }

  @Test
  void values_ofEachWorkedSupport_areTheWorkedMinima() {
    assertMinimum(new int[] {0, 1}, new double[] {-.428571, -.142857}, .432143);
    assertMinimum(new int[] {0, 2}, new double[] {-.666667, .75}, .272917);
    assertMinimum(new int[] {1, 2}, new double[] {-.538168, 1.198473}, .090076);
  }

  /** The others begin at 0: a search that may not keep them starts at the minimum over the rest. */
  private static void assertMinimum(int[] support, double[] values, double objective) {
    boolean[] free = new boolean[3];
    double[] given = new double[3];
    for (int i = 0; i < 3; i++) {
      int place = i;
      free[i] = IntStream.of(support).anyMatch(each -> each == place);
      given[i] = free[i] ? 0 : -WEIGHTS[i];
    }
    double[] change = worked().best(free, given, true);
    double[] found =
        IntStream.of(support).mapToDouble(place -> WEIGHTS[place] + change[place]).toArray();
    assertThat(found).containsExactly(values, within(1e-6));
    double[] whole =
        IntStream.range(0, 3).mapToDouble(i -> free[i] ? change[i] : given[i]).toArray();
    assertThat(objective(ROWS, whole, .1, 1)).isCloseTo(objective, within(1e-6));
  }

  @Test
  void shrink_randomModels_isNeverWorseThanMagnitudes_andOftenerTheBest() {
    int best = 0;
    int bestByMagnitude = 0;
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      float[] rows = gaussian(random, 5 * 8);
      float[] weights = gaussian(random, 8);
      boolean slope = seed % 2 == 0;
      LowRankCurvature model = new LowRankCurvature(rows, 8, .05);
      SupportSearch search = new SupportSearch(model, all(8), weights, slope);
      double whole = search.loss();
      search.shrink(3);
      double found = search.loss();

      int[] largest =
          IntStream.range(0, 8)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> -Math.abs(start(rows, weights, slope)[i])))
              .limit(3)
              .sorted()
              .mapToInt(i -> i)
              .toArray();
      double byMagnitude = least(rows, weights, largest, slope);
      double optimum = optimum(rows, weights, slope);
      assertThat(found).isGreaterThanOrEqualTo(optimum - 1e-9).isGreaterThanOrEqualTo(whole - 1e-9);
      assertThat(found).isLessThanOrEqualTo(byMagnitude + 1e-9);
      assertThat(found).isCloseTo(least(rows, weights, search.places(), slope), within(1e-9));
      best += found < optimum + 1e-9 ? 1 : 0;
      bestByMagnitude += byMagnitude < optimum + 1e-9 ? 1 : 0;
    }
    assertThat(best).isGreaterThan(3 * bestByMagnitude / 2);
  }

  @Test
  void shrink_stageByStage_hasNestedSupports_andRisingLosses() {
    Random random = new Random(3);
    LowRankCurvature model = new LowRankCurvature(gaussian(random, 6 * 40), 40, .01);
    SupportSearch search = new SupportSearch(model, all(40), gaussian(random, 40), false);
    int[] before = search.places();
    double loss = search.loss();
    for (int size : new int[] {30, 20, 12, 5, 1}) {
      search.shrink(size);
      assertThat(before).hasSizeGreaterThan(size).contains(search.places());
      assertThat(search.places()).hasSize(size);
      assertThat(search.loss()).isGreaterThanOrEqualTo(loss);
      before = search.places();
      loss = search.loss();
    }
  }

  @Test
  void shrink_withoutGradients_keepsTheLargest() {
    LowRankCurvature none = new LowRankCurvature(new float[8], 4, .01);
    SupportSearch search = new SupportSearch(none, all(4), new float[] {1, -3, 2, 0}, true);

    search.shrink(2);

    assertThat(search.places()).containsExactly(1, 2);
    assertThat(search.values()).containsExactly(-3, 2);
  }

  private static float[] gaussian(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** The weights at the minimum over all. */
  private static double[] start(float[] rows, float[] weights, boolean slope) {
    boolean[] free = new boolean[8];
    Arrays.fill(free, true);
    double[] change = new LowRankCurvature(rows, 8, .05).best(free, new double[8], slope);
    return IntStream.range(0, 8).mapToDouble(i -> weights[i] + change[i]).toArray();
  }

  private static double optimum(float[] rows, float[] weights, boolean slope) {
    double best = Double.POSITIVE_INFINITY;
    for (int bits = 0; bits < 1 << 8; bits++) {
      if (Integer.bitCount(bits) == 3) {
        int chosen = bits;
        int[] support = IntStream.range(0, 8).filter(i -> (chosen >> i & 1) == 1).toArray();
        best = Math.min(best, least(rows, weights, support, slope));
      }
    }
    return best;
  }

  private static double least(float[] rows, float[] weights, int[] support, boolean slope) {
    boolean[] free = new boolean[8];
    double[] change = new double[8];
    for (int i = 0; i < 8; i++) {
      change[i] = -weights[i];
    }
    for (int place : support) {
      free[place] = true;
      change[place] = 0;
    }
    LowRankCurvature model = new LowRankCurvature(rows, 8, .05);
    double[] solved = model.best(free, change, slope);
    for (int place : support) {
      change[place] = solved[place];
    }
    double squares = 0;
    for (float each : rows) {
      squares += (double) each * each;
    }
    double damping = .05 * squares / 5 / 8;
    return objective(rows, change, damping, slope ? 1 : 0) - (slope ? .5 : 0);
  }

  private static double objective(float[] rows, double[] change, double damping, double side) {
    int examples = rows.length / change.length;
    double loss = 0;
    for (int n = 0; n < examples; n++) {
      double residual = side;
      for (int i = 0; i < change.length; i++) {
        residual += rows[n * change.length + i] * change[i];
      }
      loss += residual * residual / (2 * examples);
    }
    for (double each : change) {
      loss += damping / 2 * each * each;
    }
    return loss;
  }
}
