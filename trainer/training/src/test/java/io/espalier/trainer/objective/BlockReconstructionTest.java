package io.espalier.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.TrainConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ResidualUnit;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockReconstructionTest {
  private static final float[] INPUTS = {7, 8, 9};
  private static final float STEP = 1f / 64;

  private static RecipeLoader loader() {
    return new RecipeLoader();
  }

  private static TrainConfig train(String keys) {
    return loader()
        .parse(
            "my.conf",
            "data = digits, model = lenet-5\n"
                + "train.objective { kind = block-reconstruction, teacher = net.safetensors"
                + keys
                + " }",
            List.of())
        .config()
        .train();
  }

  /** Of a teacher whose blocks give these values. */
  private static Objective objective(List<float[]> targets) {
    return Objectives.of(
        train(""),
        3,
        (key, file, sha256) ->
            new Teacher() {
              @Override
              public float[] logits(float[] inputs, int rows) {
                throw new AssertionError("no logits are compared");
              }

              @Override
              public List<float[]> blocks(float[] inputs, List<BlockValues> of) {
                assertThat(inputs).containsExactly(INPUTS);
                return targets;
              }
            });
  }

  private static BlockValues block(int number, float... given) {
    ResidualUnit unit = new ResidualUnit("from" + number, "to" + number, List.of());
    return new BlockValues(unit, new float[given.length], given);
  }

  private static double loss(Objective objective, List<BlockValues> blocks, List<float[]> slopes) {
    return objective.blocks().orElseThrow().gradient(blocks, INPUTS::clone, slopes);
  }

  /** Squares 1, 0, 4 and 9 of four values, and 1 of one: 14 / 4 + 1. */
  @Test
  void gradient_ofTwoBlocks_isThatOfTheSumOfTheirMeanSquares() {
    Objective objective = objective(List.of(new float[] {0, 1, 2, -3}, new float[] {.5f}));
    List<float[]> slopes = List.of(new float[4], new float[1]);

    double loss = loss(objective, List.of(block(1, 1, 1, 0, 0), block(2, -.5f)), slopes);

    assertThat(loss).isCloseTo(4.5, within(1e-12));
    assertThat(slopes.get(0)).containsExactly(.5f, 0, -1, 1.5f);
    assertThat(slopes.get(1)).containsExactly(-2);
  }

  @Test
  void gradient_isTheFiniteDifference() {
    Random random = new Random(5);
    float[] target = new float[12];
    float[] given = new float[12];
    for (int i = 0; i < given.length; i++) {
      target[i] = (float) random.nextGaussian();
      given[i] = (float) random.nextGaussian();
    }
    Objective objective = objective(List.of(target));
    float[] slope = new float[12];
    loss(objective, List.of(block(1, given)), List.of(slope));

    for (int i = 0; i < given.length; i++) {
      float[] ahead = given.clone();
      float[] behind = given.clone();
      ahead[i] += STEP;
      behind[i] -= STEP;
      double rise =
          loss(objective, List.of(block(1, ahead)), List.of(new float[12]))
              - loss(objective, List.of(block(1, behind)), List.of(new float[12]));
      assertThat((double) slope[i]).isCloseTo(rise / (2 * STEP), within(1e-5));
    }
  }

  @Test
  void gradient_ofLogits_isThatOfTheLabels() {
    float[] gradient = new float[3];

    double loss =
        objective(List.of())
            .gradient(new float[] {1, 1, 0}, new int[] {2}, 3, INPUTS::clone, gradient);

    assertThat(loss).isCloseTo(1.861995, within(1e-6));
  }

  @Test
  void network_withoutBlocks_isRefused() {
    Network network = Network.of(new ModelConfig.LeNet5(), new ImageShape(1, 28, 28), 10);
    Objective objective = objective(List.of());

    assertThatThrownBy(() -> objective.check(network))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(
            "must be another where a network has no transformer block:"
                + " objective=block-reconstruction; name cross-entropy or distillation");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train.execution = java | train.execution: execution must be engine with train.objective"
            + " = block-reconstruction, because its gradients go through all layers, and do not end"
            + " at blocks",
        "prune.granularity = channel | train.objective: objective must be another with"
            + " prune.granularity = channel, because what a block gives is compared",
        "prune.granularity = sublayer | train.objective: objective must be another with"
            + " prune.granularity = sublayer",
        "federation = fedavg | train.objective: objective must be one that names no file in a"
            + " federation",
        "train.objective.sha256 = ab | train.objective.sha256: sha256 must be 64 lower-case"
            + " hexadecimal digits",
      })
  void recipe_withWhatItCannotTrain_isRefused(String line, String problem) {
    assertThatThrownBy(
            () ->
                loader()
                    .parse(
                        "my.conf",
                        "data = digits, model = tiny-vit, train.objective { kind ="
                            + " block-reconstruction, teacher = x }\n"
                            + line,
                        List.of()))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void recipe_thatPrunesHeads_isTaken() {
    assertThat(
            loader()
                .parse(
                    "my.conf",
                    "data = digits, model = tiny-vit, prune.granularity = head, train.objective {"
                        + " kind = block-reconstruction, teacher = x }",
                    List.of())
                .config()
                .train()
                .loss()
                .objective()
                .name())
        .isEqualTo("block-reconstruction");
  }
}
