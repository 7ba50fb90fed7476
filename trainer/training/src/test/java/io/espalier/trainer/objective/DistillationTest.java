package io.espalier.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.TrainConfig;
import io.espalier.configs.recipe.RecipeLoader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DistillationTest {
  private static final float[] INPUTS = {5, 6};
  private static final ObjectiveInputs TAPS = INPUTS::clone;
  private static final float[] TAUGHT = {2, 1, 0, 0.5f, -1, 3};

  private static TrainConfig train(String keys) {
    return new RecipeLoader()
        .parse(
            "my.conf",
            "data = digits, model = lenet-5\ntrain { label-smoothing = 0.3, objective { kind ="
                + " distillation, teacher = net.safetensors"
                + keys
                + " } }",
            List.of())
        .config()
        .train();
  }

  private static Objective objective(String keys, float... taught) {
    return Objectives.of(
        train(keys),
        3,
        (key, file, sha256) ->
            (inputs, count) -> {
              assertThat(inputs).containsExactly(INPUTS);
              assertThat(count).isEqualTo(taught.length / 3);
              return taught.clone();
            });
  }

  @Test
  void gradient_workedLogitsOfOneRow_isTheScaledDivergence() {
    float[] logits = {1, 1, 0};

    assertThat(loss(objective(", temperature = 2, weight = 1", 2, 1, 0), logits))
        .isCloseTo(.123962, within(1e-6));
    assertThat(loss(objective(", temperature = 1, weight = 1", 2, 1, 0), logits))
        .isCloseTo(.119630, within(1e-6));
  }

  /** Of [1, 1, 0] with ε = 0.3, −ln p is .861995 twice and 1.861995: .961995. */
  @Test
  void gradient_workedLogits_mixesLabelsAndTeacher() {
    assertThat(loss(objective(", temperature = 2, weight = 0.25", 2, 1, 0), new float[] {1, 1, 0}))
        .isCloseTo(.75 * .961995 + .25 * .123962, within(1e-6));
  }

  /** q of [1, .5, 0] is .506480, .307196, .186324, of [.5, .5, 0] .383652, .383652, .232697. */
  @Test
  void gradient_workedLogits_isTheDifferenceOfTheSoftenedTimesT() {
    float[] gradient = new float[3];

    objective(", temperature = 2, weight = 1", 2, 1, 0)
        .gradient(new float[] {1, 1, 0}, new int[] {0}, 3, TAPS, gradient);

    assertThat(gradient)
        .containsExactly(new float[] {-.245658f, .152911f, .092746f}, within(2e-6f));
  }

  @Test
  void gradient_logitsThatDifferByAConstant_teachNothing() {
    float[] gradient = new float[3];

    double loss =
        objective(", weight = 1", 2, 1, 0)
            .gradient(new float[] {7, 6, 5}, new int[] {2}, 3, TAPS, gradient);

    assertThat(loss).isCloseTo(0, within(1e-12));
    assertThat(gradient).containsExactly(new float[3], within(1e-7f));
  }

  @ParameterizedTest
  @CsvSource({"1, 0.5", "2, 0.7", "4, 1", "0.5, 0.9"})
  void gradient_atAnyTemperature_isTheFiniteDifference(String temperature, String weight) {
    Objective objective =
        objective(", temperature = " + temperature + ", weight = " + weight, TAUGHT);

    Slopes.check(objective, new float[] {1, -0.5f, 0.25f, 2, 0, -1}, new int[] {2, 0}, 3, TAPS);
  }

  /** A probability of the teacher that is 0 in floating point takes no part. */
  @Test
  void gradient_teacherThatIsSure_staysFinite() {
    float[] gradient = new float[3];

    double loss =
        objective(", temperature = 1, weight = 1", 2000, 0, 0)
            .gradient(new float[] {0, 0, 0}, new int[] {0}, 3, TAPS, gradient);

    assertThat(loss).isCloseTo(Math.log(3), within(1e-6));
    assertThat(gradient).containsExactly(new float[] {-2f / 3, 1f / 3, 1f / 3}, within(1e-6f));
  }

  @Test
  void evaluation_isPlainCrossEntropy() {
    assertThat(objective("", TAUGHT).loss(new float[] {1, 1, 0}, 0, 3, 2))
        .isCloseTo(1.861995, within(1e-6));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ", temperature = 0 | temperature: temperature must be from 0.01 to 1000: temperature=0",
        ", weight = 0 | weight: weight must be above 0, at most 1: weight=0",
        ", weight = 1.5 | weight: weight must be above 0, at most 1: weight=1.5",
        ", sha256 = ab | sha256: sha256 must be 64 lower-case hexadecimal digits: sha256=\"ab\"",
        ", teachr = x | teachr: unknown key: teachr=\"x\"; known keys: kind, sha256, teacher,"
            + " temperature, weight; did you mean teacher?",
      })
  void recipe_withAKeyThatBreaksARule_isRefused(String keys, String problem) {
    assertThatThrownBy(() -> train(keys))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage("my.conf:2: train.objective." + problem);
  }

  @Test
  void recipe_ofAFederation_isRefused() {
    assertThatThrownBy(
            () ->
                new RecipeLoader()
                    .parse(
                        "my.conf",
                        "data = digits, model = lenet-5, federation = fedavg\n"
                            + "train.objective { kind = distillation, teacher = x }",
                        List.of()))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(
            "train.objective: objective must be one that names no file in a federation, because"
                + " its devices do not have the file");
  }

  @Test
  void defaults_areThoseOfReferenceConf() {
    assertThat(train(", sha256 = \"\", temperature = 2, weight = 0.7")).isEqualTo(train(""));
  }

  private static double loss(Objective objective, float[] logits) {
    return objective.gradient(logits, new int[] {0}, 3, TAPS, new float[3]);
  }
}
