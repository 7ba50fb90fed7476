package io.espalier.trainer.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.Merge;
import io.espalier.masks.statistic.Statistic;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.StatisticRequest.Units;
import io.espalier.masks.statistic.Statistics;
import io.espalier.masks.statistic.WeightStatistic;
import io.espalier.trainer.network.Unfold;
import io.espalier.trainer.observer.ObservedLayer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatisticsCodecTest {
  private static final ObservedLayer LAYER =
      new ObservedLayer(
          new ParameterShape(new ParameterId("fc1.weight"), List.of(2, 2)),
          new Unfold(1, 1, 0, 1),
          Optional.empty(),
          List.of());
  private static final StatisticRequest ALL =
      new StatisticRequest(WeightStatistic.GRADIENT, 1, Units.ALL);
  private static final StatisticRequest CANDIDATES =
      new StatisticRequest(WeightStatistic.GRADIENT, 8, Units.CANDIDATES);
  private final StatisticsCodec codec =
      new StatisticsCodec(
          List.of(CANDIDATES, ALL), List.of(LAYER), List.of(Mask.of(4, unit -> unit != 1)));

  @Test
  void merge_twoDemandsForOneStatistic_areKeptApart() {
    Statistics statistics =
        codec.merge(List.of(packed(new float[] {1, 9, 3, 4}, new float[] {5, 6, 7, 8})), 3);

    assertThat(statistics.of(CANDIDATES, 0).get(0)).containsExactly(1, 0, 3, 4);
    assertThat(statistics.of(ALL, 0).get(0)).containsExactly(5, 6, 7, 8);
  }

  @Test
  void merge_ofSeveralTrainers_isTheirMean() {
    Statistics statistics =
        codec.merge(
            List.of(
                packed(new float[] {1, 0, 3, 4}, new float[] {1, 2, 3, 4}),
                packed(new float[] {3, 0, 5, 0}, new float[] {2, 2, 0, -4})),
            3);

    assertThat(statistics.of(CANDIDATES, 0).get(0)).containsExactly(2, 0, 4, 2);
    assertThat(statistics.of(ALL, 0).get(0)).containsExactly(1.5f, 2, 1.5f, 0);
  }

  @Test
  void merge_ofWhatIsNotFinite_namesStepAndParameter() {
    FloatBuffer packed = packed(new float[4], new float[] {0, Float.POSITIVE_INFINITY, 0, 0});

    assertThatThrownBy(() -> codec.merge(List.of(packed), 3))
        .isInstanceOf(DivergedException.class)
        .hasMessageContaining("step=3, parameter=fc1.weight, value=Infinity. Likely causes: ");
  }

  @Test
  void merge_ofLayerStatistics_isByTheirRules() {
    // Given a mean and a pair of means and variances
    record Spread() implements Statistic {
      @Override
      public String observer() {
        return "spread";
      }

      @Override
      public List<int[]> shapes(ParameterShape weight, int groups) {
        return List.of(new int[] {2, 1}, new int[] {1, 2});
      }

      @Override
      public Merge merge() {
        return Merge.WELFORD;
      }
    }
    StatisticRequest spread = StatisticRequest.of(new Spread(), 1);
    StatisticRequest squares = StatisticRequest.of(InputStatistic.SQUARES, 1);
    StatisticsCodec both =
        new StatisticsCodec(List.of(squares, spread), List.of(LAYER), List.of(Mask.allKept(4)));

    // When means are 0 and 2, variances 1 and 1
    Statistics merged =
        both.merge(
            List.of(
                FloatBuffer.wrap(new float[] {1, 5, 0, 1, 4, 0}),
                FloatBuffer.wrap(new float[] {3, 7, 2, 1, 4, 0})),
            3);

    // Then
    assertThat(both.floats()).isEqualTo(6);
    assertThat(merged.of(squares, 0).get(0)).containsExactly(2, 6);
    assertThat(merged.of(spread, 0).get(0)).containsExactly(1, 2);
    assertThat(merged.of(spread, 0).get(1)).containsExactly(4, 0);
  }

  private FloatBuffer packed(float[] candidates, float[] all) {
    FloatBuffer target = FloatBuffer.allocate(codec.floats());
    codec.pack(List.of(List.of(List.of(candidates)), List.of(List.of(all))), target);
    return target.flip();
  }
}
