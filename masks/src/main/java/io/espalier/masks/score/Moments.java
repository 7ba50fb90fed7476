package io.espalier.masks.score;

import io.espalier.masks.statistic.InputMoments;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.Arrays;

/** Parts of {@link InputMoments}. */
final class Moments {
  private Moments() {}

  static StatisticRequest request(int batches) {
    return StatisticRequest.of(InputMoments.POPULATION, batches);
  }

  static float[] variances(float[] moments) {
    return Arrays.copyOfRange(moments, moments.length / 2, moments.length);
  }

  static float[] meanSquares(float[] moments) {
    float[] squares = variances(moments);
    for (int i = 0; i < squares.length; i++) {
      squares[i] += moments[i] * moments[i];
    }
    return squares;
  }
}
