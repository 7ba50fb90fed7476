package io.espalier.masks.algebra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Greedy removals against inverses that are made anew for each choice, and least squares. */
final class GreedyObsTest {
  private static final int INPUTS = 16;
  private static final int OUTPUTS = 5;

  private final Random random = new Random(11);
  private final double[][] weights = gaussian(OUTPUTS);
  private final SymmetricMatrix curvature = curvature();

  private double[][] gaussian(int rows) {
    double[][] values = new double[rows][INPUTS];
    for (double[] row : values) {
      Arrays.setAll(row, i -> random.nextGaussian());
    }
    return values;
  }

  private SymmetricMatrix curvature() {
    double[][] x = gaussian(40);
    return SymmetricMatrix.of(
            INPUTS, (a, b) -> Arrays.stream(x).mapToDouble(row -> row[a] * row[b]).sum() / x.length)
        .plus(.05);
  }

  private SymmetricMatrix inverse() {
    return Cholesky.of(curvature, 1e-12).orElseThrow().inverse();
  }

  /** What all outputs lose without these inputs: ½ Σ w[Q]ᵀ ([H⁻¹][Q,Q])⁻¹ w[Q]. */
  private double loss(List<Integer> gone) {
    SymmetricMatrix inverse = inverse();
    SymmetricMatrix part =
        SymmetricMatrix.of(gone.size(), (a, b) -> inverse.at(gone.get(a), gone.get(b)));
    Cholesky factor = Cholesky.of(part, 1e-12).orElseThrow();
    double loss = 0;
    for (double[] row : weights) {
      double[] values = gone.stream().mapToDouble(input -> row[input]).toArray();
      double[] solved = values.clone();
      factor.solve(solved);
      for (int i = 0; i < values.length; i++) {
        loss += .5 * values[i] * solved[i];
      }
    }
    return loss;
  }

  private static List<int[]> blocks(int size) {
    return IntStream.range(0, INPUTS / size)
        .mapToObj(block -> IntStream.range(block * size, (block + 1) * size).toArray())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void costs_ofOneBlockAtATime_areThoseOfInversesMadeAnew(int size) {
    List<int[]> blocks = blocks(size);
    double[] expected = new double[blocks.size()];
    List<Integer> gone = new ArrayList<>();
    List<Integer> left = new ArrayList<>(IntStream.range(0, blocks.size()).boxed().toList());
    while (!left.isEmpty()) {
      int best = -1;
      double least = Double.POSITIVE_INFINITY;
      for (int block : left) {
        List<Integer> more = new ArrayList<>(gone);
        Arrays.stream(blocks.get(block)).forEach(more::add);
        double loss = loss(more);
        if (loss < least) {
          least = loss;
          best = block;
        }
      }
      expected[best] = least;
      left.remove((Integer) best);
      Arrays.stream(blocks.get(best)).forEach(gone::add);
    }

    double[] costs = new GreedyObs().with(copy(), inverse()).costs(blocks, 1);

    assertThat(costs).containsExactly(expected, within(1e-8));
  }

  @Test
  void remove_leavesTheLeastSquaresOfWhatIsKept() {
    int[] gone = {1, 4, 5, 11};
    int[] kept =
        IntStream.range(0, INPUTS)
            .filter(input -> Arrays.stream(gone).noneMatch(each -> each == input))
            .toArray();
    double[][] changed = copy();

    new GreedyObs().with(changed, inverse()).remove(gone);

    Cholesky factor =
        Cholesky.of(
                SymmetricMatrix.of(kept.length, (a, b) -> curvature.at(kept[a], kept[b])), 1e-12)
            .orElseThrow();
    for (int output = 0; output < OUTPUTS; output++) {
      double[] full = curvature.times(weights[output], 1);
      double[] solution = Arrays.stream(kept).mapToDouble(input -> full[input]).toArray();
      factor.solve(solution);
      for (int i = 0; i < kept.length; i++) {
        assertThat(changed[output][kept[i]]).isCloseTo(solution[i], within(1e-6));
      }
      for (int input : gone) {
        assertThat(changed[output][input]).isZero();
      }
    }
  }

  @Test
  void costs_inBatches_riseWithinAndAcrossThem() {
    double[] costs = new GreedyObs().with(copy(), inverse()).costs(blocks(1), 5);

    assertThat(Arrays.stream(costs).distinct().count()).isEqualTo(INPUTS);
    assertThat(Arrays.stream(costs).min().orElseThrow()).isPositive();
  }

  private double[][] copy() {
    return Arrays.stream(weights).map(double[]::clone).toArray(double[][]::new);
  }
}
