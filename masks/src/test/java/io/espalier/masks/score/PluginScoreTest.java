package io.espalier.masks.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginException;
import io.espalier.configs.plugin.PluginKeys;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PluginScoreTest {
  private static final String FAULTY = "score 'faulty' (class " + Faulty.class.getName() + ")";

  /** A power of the weight, times the seed. */
  public static final class Powered implements ScoreProvider {
    @Override
    public String name() {
      return "powered";
    }

    @Override
    public PluginKeys keys() {
      return PluginKeys.NONE.number("power", 2);
    }

    @Override
    public Score create(MemberSettings settings, long seed) {
      return (of, scores) -> {
        for (int unit = 0; unit < scores.length; unit++) {
          scores[unit] = seed * (float) Math.pow(of.weights()[unit], settings.number("power"));
        }
      };
    }
  }

  /** Does what it is told that a score must not do. */
  public static final class Faulty implements ScoreProvider {
    @Override
    public String name() {
      return "faulty";
    }

    @Override
    @SuppressWarnings("NullAway") // what a user's compiler lets pass
    public Score create(MemberSettings settings, long seed) {
      String fault = settings.text("fault");
      return switch (fault) {
        case "throw" -> throw new IllegalStateException("no licence");
        case "refuse" -> {
          new Rules().require("fault", fault, false, "none").verify();
          yield null;
        }
        case "null" -> null;
        default -> (of, scores) -> misbehave(fault, of.weights(), scores);
      };
    }

    private static void misbehave(String fault, float[] weights, float[] scores) {
      Arrays.fill(weights, 7);
      switch (fault) {
        case "silent" -> scores[0] = 1;
        case "long" -> scores[weights.length] = 1;
        case "zero" -> Arrays.fill(scores, -0f);
        default -> Arrays.fill(scores, Float.parseFloat(fault));
      }
    }
  }

  private static Score faulty(String fault) {
    return Scores.of(new MemberSettings("faulty", Map.of("fault", fault)), 1);
  }

  private static float[] score(Score score, float... weights) {
    float[] scores = new float[weights.length];
    score.score(ScoredParameters.of("fc1.weight", weights), scores);
    return scores;
  }

  @Test
  void provider_withSettingsAndSeed_scoresByThem() {
    MemberSettings settings = new MemberSettings("powered", Map.of("power", 3.0));

    Score score = Scores.of(settings, 2);

    assertThat(score(score, 0, 1, 2, 3)).containsExactly(0, 2, 16, 54);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "throw | prune.score: %s failed to be created: java.lang.IllegalStateException: no licence",
        "null | prune.score: %s must not give null when asked to be created",
        "refuse | prune.score.fault: fault must be none: fault=refuse, of %s",
      })
  void provider_thatCannotCreate_isAProblemOfTheRecipe(String fault, String problem) {
    assertThatThrownBy(() -> faulty(fault))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(problem, FAULTY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NaN | unit=0, score=NaN",
        "-Infinity | unit=0, score=-Infinity",
        "Infinity | unit=0, score=Infinity",
        "silent | unit=1, score=NaN",
      })
  void score_thatIsNoFiniteNumber_isRefusedWithItsUnit(String fault, String found) {
    Score score = faulty(fault);

    assertThatThrownBy(() -> score(score, 1, 2, 3))
        .isInstanceOf(PluginException.class)
        .hasMessage(
            "%s must give each unit a finite score: parameter=fc1.weight, %s", FAULTY, found);
  }

  @Test
  void score_thatThrows_isReportedWithItsCause() {
    Score score = faulty("long");

    assertThatThrownBy(() -> score(score, 1, 2, 3))
        .isInstanceOf(PluginException.class)
        .hasMessageStartingWith(
            "%s failed to score fc1.weight: java.lang.ArrayIndexOutOfBoundsException", FAULTY)
        .hasCauseInstanceOf(ArrayIndexOutOfBoundsException.class);
  }

  @Test
  void score_thatWritesToTheWeights_writesToACopy() {
    float[] weights = {1, 2, 3};

    float[] scores = score(faulty("zero"), weights);

    assertThat(weights).containsExactly(1, 2, 3);
    assertThat(Float.floatToRawIntBits(scores[2])).isZero();
  }
}
