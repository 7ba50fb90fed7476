package io.espalier.masks.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.ParameterId;
import io.espalier.masks.score.StatisticRequest.Statistic;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScoresTest {
  private static final ParameterId ID = new ParameterId("a");

  @Test
  void of_anUnknownName_isRefused() {
    assertThatThrownBy(() -> Scores.of(new MemberSettings("lucky", Map.of()), 1))
        .hasMessage("prune.score: must name one score on the class path: kind=lucky, found=[]");
  }

  @Test
  void magnitude_ofWeights_isTheirAbsoluteValue() {
    float[] scores = score(MemberSettings.of("magnitude"), 1, 0, new float[] {-2, .5f, -0f, 3});

    assertThat(scores).containsExactly(2, .5f, 0, 3);
    assertThat(Float.floatToRawIntBits(scores[2])).isZero();
  }

  @Test
  void taylor_asksForItsStatisticOfTheCandidates_andIsIt() {
    assertThat(Scores.of(MemberSettings.of("taylor").with("batches", 3), 1).request())
        .contains(new StatisticRequest(Statistic.TAYLOR, 3, StatisticRequest.Units.CANDIDATES));
    assertThat(Scores.of(MemberSettings.of("magnitude"), 1).request()).isEmpty();

    float[] scores =
        score(MemberSettings.of("taylor").with("batches", 3), 1, 0, new float[] {.2f, .4f, 0});

    assertThat(scores).containsExactly(.2f, .4f, 0);
  }

  @Test
  void random_forTheSameSeedAndParameter_doesNotDependOnWeights() {
    float[] first = score(MemberSettings.of("random"), 7, 2, new float[1000]);
    float[] again = score(MemberSettings.of("random"), 7, 2, filled(1000, 5));

    assertThat(again).isEqualTo(first);
    for (float value : first) {
      assertThat(value).isBetween(0f, Math.nextDown(1f));
    }
  }

  @Test
  void random_forOtherSeedsOrParameters_differs() {
    float[] first = score(MemberSettings.of("random"), 7, 2, new float[100]);

    assertThat(score(MemberSettings.of("random"), 8, 2, new float[100])).isNotEqualTo(first);
    assertThat(score(MemberSettings.of("random"), 7, 3, new float[100])).isNotEqualTo(first);
  }

  private static float[] score(MemberSettings config, long seed, int parameter, float[] weights) {
    float[] scores = new float[weights.length];
    Scores.of(config, seed).score(ID, parameter, weights, scores);
    return scores;
  }

  private static float[] filled(int size, float value) {
    float[] values = new float[size];
    Arrays.fill(values, value);
    return values;
  }
}
