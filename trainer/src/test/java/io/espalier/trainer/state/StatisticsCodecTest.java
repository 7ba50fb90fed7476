package io.espalier.trainer.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.score.ScoreStatistics;
import io.espalier.masks.score.StatisticRequest;
import io.espalier.masks.score.StatisticRequest.Statistic;
import io.espalier.masks.score.StatisticRequest.Units;
import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsCodecTest {
  private static final List<ParameterId> NAMES = List.of(new ParameterId("fc1.weight"));
  private static final StatisticRequest ALL =
      new StatisticRequest(Statistic.GRADIENT, 1, Units.ALL);
  private static final StatisticRequest CANDIDATES =
      new StatisticRequest(Statistic.GRADIENT, 8, Units.CANDIDATES);
  private final StatisticsCodec codec =
      new StatisticsCodec(List.of(CANDIDATES, ALL), List.of(Mask.of(4, unit -> unit != 1)));

  @Test
  void merge_twoDemandsForOneStatistic_areKeptApart() {
    ScoreStatistics statistics =
        codec.merge(List.of(packed(new float[] {1, 9, 3, 4}, new float[] {5, 6, 7, 8})), NAMES, 3);

    assertThat(statistics.of(CANDIDATES).get(0)).containsExactly(1, 0, 3, 4);
    assertThat(statistics.of(ALL).get(0)).containsExactly(5, 6, 7, 8);
  }

  @Test
  void merge_ofSeveralTrainers_isTheirMean() {
    ScoreStatistics statistics =
        codec.merge(
            List.of(
                packed(new float[] {1, 0, 3, 4}, new float[] {1, 2, 3, 4}),
                packed(new float[] {3, 0, 5, 0}, new float[] {2, 2, 0, -4})),
            NAMES,
            3);

    assertThat(statistics.of(CANDIDATES).get(0)).containsExactly(2, 0, 4, 2);
    assertThat(statistics.of(ALL).get(0)).containsExactly(1.5f, 2, 1.5f, 0);
  }

  @Test
  void merge_ofWhatIsNotFinite_namesStepAndParameter() {
    FloatBuffer packed = packed(new float[4], new float[] {0, Float.POSITIVE_INFINITY, 0, 0});

    assertThatThrownBy(() -> codec.merge(List.of(packed), NAMES, 3))
        .isInstanceOf(DivergedException.class)
        .hasMessageContaining("step=3, parameter=fc1.weight, value=Infinity. Likely causes: ");
  }

  private FloatBuffer packed(float[] candidates, float[] all) {
    FloatBuffer target = FloatBuffer.allocate(codec.floats());
    codec.pack(List.of(List.of(candidates), List.of(all)), target);
    return target.flip();
  }
}
