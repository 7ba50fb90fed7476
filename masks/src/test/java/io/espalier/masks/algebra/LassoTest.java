package io.espalier.masks.algebra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LassoTest {
  private static SymmetricMatrix products(int size, int rows, int seed) {
    Random random = new Random(seed);
    double[][] values = new double[rows][size];
    for (double[] row : values) {
      for (int i = 0; i < size; i++) {
        row[i] = random.nextGaussian() + (i > 0 ? .5 * row[i - 1] : 0);
      }
    }
    return SymmetricMatrix.of(
        size,
        (a, b) -> {
          double sum = 0;
          for (double[] row : values) {
            sum += row[a] * row[b] / rows;
          }
          return sum;
        });
  }

  /** Where an entry is not 0 the slope is the penalty, elsewhere it is no larger. */
  @ParameterizedTest
  @ValueSource(doubles = {.9, .5, .1, .01, .001})
  void solve_alongThePath_meetsTheConditionsOfOptimality(double share) {
    int size = 12;
    SymmetricMatrix products = products(size, 40, 3);
    double[] target = products.times(new Random(4).doubles(size).toArray(), 1);
    Lasso lasso = new Lasso(products, target);
    double largest = lasso.largestPenalty();
    double[] solution = lasso.solve(share * largest);

    double[] given = products.times(solution, 1);
    for (int i = 0; i < size; i++) {
      double slope = target[i] - given[i];
      if (solution[i] == 0) {
        assertThat(Math.abs(slope)).isLessThanOrEqualTo(share * largest + 1e-6 * largest);
      } else {
        assertThat(slope)
            .isCloseTo(Math.signum(solution[i]) * share * largest, within(1e-6 * largest));
      }
    }
  }

  @Test
  void solve_withoutAPenalty_isTheLeastSquares() {
    SymmetricMatrix products = products(6, 30, 7);
    double[] truth = {1, -2, .5, 0, 3, 1};

    assertThat(new Lasso(products, products.times(truth, 1)).solve(0))
        .containsExactly(truth, within(1e-6));
  }

  @Test
  void solve_atTheLargestPenalty_is0_andJustBelowIsNot() {
    SymmetricMatrix products = products(5, 20, 9);
    double[] target = products.times(new double[] {1, 1, 1, 1, 1}, 1);
    Lasso lasso = new Lasso(products, target);
    double largest = lasso.largestPenalty();

    assertThat(lasso.solve(largest)).containsOnly(0);
    assertThat(lasso.solve(.99 * largest))
        .contains(0)
        .satisfies(each -> assertThat(each).isNotEqualTo(new double[5]));
  }
}
