package io.espalier.trainer.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Against losses {@code x'Ax / 2}, whose Hessian is A. */
final class PowerIterationTest {
  private static final int SEED = 5;

  private static UnaryOperator<List<float[]>> gradients(float[] at, double[][] matrix) {
    return shifts -> {
      float[] gradient = new float[at.length];
      for (int i = 0; i < at.length; i++) {
        double sum = 0;
        for (int j = 0; j < at.length; j++) {
          sum += matrix[i][j] * (at[j] + shifts.get(0)[j]);
        }
        gradient[i] = (float) sum;
      }
      return List.of(gradient);
    };
  }

  private static PowerIteration of(float[] at, boolean masked, double[][] matrix) {
    return PowerIteration.of(
        List.of(FloatBuffer.wrap(at)), List.of(masked), gradients(at, matrix), SEED, done -> {});
  }

  @Test
  void eigenvalue_ofASymmetricMatrix_isItsLargest() {
    double[][] matrix = {{2, 1, 0}, {1, 3, 1}, {0, 1, 4}};

    PowerIteration found = of(new float[] {1, -2, .5f}, false, matrix);

    assertThat(found.converged()).isTrue();
    assertThat(found.eigenvalue()).isCloseTo(3 + Math.sqrt(3), within(.01));
  }

  @Test
  void eigenvalue_ofASaddle_hasItsSign() {
    double[][] matrix = {{1, 0}, {0, -6}};

    assertThat(of(new float[] {1, 1}, false, matrix).eigenvalue()).isCloseTo(-6, within(.01));
  }

  /** Without its third row and column the matrix has 1 and 3. */
  @Test
  void prunedWeights_ofAMaskedArray_areLeftOut() {
    double[][] matrix = {{2, 1, 7}, {1, 2, 7}, {7, 7, 90}};

    assertThat(of(new float[] {1, 1, 0}, true, matrix).eigenvalue()).isCloseTo(3, within(.01));
    assertThat(of(new float[] {1, 1, 0}, false, matrix).eigenvalue()).isGreaterThan(90);
  }

  @Test
  void flatLoss_hasEigenvalueZero() {
    PowerIteration found = of(new float[] {1, 1}, false, new double[2][2]);

    assertThat(found.eigenvalue()).isZero();
    assertThat(found.converged()).isTrue();
  }

  @Test
  void products_areReportedOneByOne() {
    AtomicInteger last = new AtomicInteger();
    float[] at = {1, 1};

    PowerIteration found =
        PowerIteration.of(
            List.of(FloatBuffer.wrap(at)),
            List.of(false),
            gradients(at, new double[][] {{3, 0}, {0, 1}}),
            SEED,
            last::set);

    assertThat(last).hasValue(found.products());
  }
}
