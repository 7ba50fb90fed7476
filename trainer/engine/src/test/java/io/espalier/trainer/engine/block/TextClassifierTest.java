package io.espalier.trainer.engine.block;

import static io.espalier.trainer.network.SampleTransformers.CONTEXT;
import static io.espalier.trainer.network.SampleTransformers.TOKENS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.ModelConfig.CharLm;
import io.espalier.configs.ModelConfig.TextClassifier;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.DataSizes;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.MeanPool;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.SampleTransformers;
import io.espalier.trainer.network.SampleValues;
import io.espalier.trainer.network.TokenEmbedding;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TextClassifierTest {
  private static final int CLASSES = 3;

  static List<CharLm> models() {
    return SampleTransformers.all();
  }

  /** A text that fills all positions, and one of three tokens. */
  private static float[] texts(Random random) {
    float[] tokens = SampleTransformers.tokens(2, random);
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = i < CONTEXT + 3 ? 1 + tokens[i] % (TOKENS - 1) : 0;
    }
    return tokens;
  }

  @ParameterizedTest
  @MethodSource("models")
  void forward_textsOfAnyLength_agreesWithPlainArithmetic(CharLm model) {
    Network network = SampleTransformers.classifier(model);
    Random random = new Random(3);
    Map<ParameterId, float[]> values = SampleValues.of(network, random);
    float[] tokens = texts(random);

    float[] logits = EvaluationPass.run(network, values, 2, tokens);

    assertThat(logits).hasSize(2 * CLASSES);
    for (int example = 0; example < 2; example++) {
      double[] expected =
          NaiveTransformer.classified(
              model,
              name -> values.get(new ParameterId(name)),
              0,
              Arrays.copyOfRange(tokens, example * CONTEXT, (example + 1) * CONTEXT));
      for (int c = 0; c < CLASSES; c++) {
        assertThat(logits[example * CLASSES + c]).isCloseTo((float) expected[c], within(2e-5f));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void backward_ofPadding_givesItsEmbeddingNoGradient(CharLm model) {
    float[] tokens = texts(new Random(5));
    float[] weights = SampleValues.uniform(2 * CLASSES, -1, 1, new Random(6));
    try (Probe probe = new Probe(SampleTransformers.classifier(model), 6)) {
      probe.backward(weights, 2, tokens);

      float[] gradient = probe.gradient("tokens.weight");

      for (int i = 0; i < gradient.length; i++) {
        assertThat(gradient[i] == 0).as("%d", i).isEqualTo(i % TOKENS == 0 || unused(tokens, i));
      }
    }
  }

  private static boolean unused(float[] tokens, int place) {
    for (float token : tokens) {
      if ((int) token == place % TOKENS) {
        return false;
      }
    }
    return true;
  }

  @Test
  void forward_aTextWithoutTokens_isFinite() {
    Network network = SampleTransformers.classifier(models().get(0));
    float[] logits =
        EvaluationPass.run(network, SampleValues.of(network, new Random(1)), 1, new float[CONTEXT]);

    for (float logit : logits) {
      assertThat(logit).isFinite();
    }
  }

  @Test
  void network_isStoredWithTokensAndPadding() {
    Network network = SampleTransformers.classifier(models().get(0));

    assertThat(Network.parse(network.toJson()).toJson()).isEqualTo(network.toJson());
    assertThat(network.tokens()).hasValue(TOKENS);
    assertThat(network.positions()).isEqualTo(1);
    assertThat(network.outputs()).isEqualTo(CLASSES);
  }

  private static Network masked(String padding, DataSizes sizes) {
    String recipe =
        """
        name = t, data { kind = text, context = 4 }
        model { kind = layers, layers = [
          { kind = token-embedding, features = 2, name = tokens }
          { kind = padding-mask, from = [input], name = mask %s }
          { kind = mean-pool, from = [tokens, mask] }
          { kind = linear, outputs = classes }
        ] }
        """
            .formatted(padding);
    return Network.of(
        new RecipeLoader().parse("t", recipe, List.of()).config().model().architecture(),
        new ImageShape(1, 1, 4),
        sizes);
  }

  @Test
  void paddingMask_ofARecipe_hidesTheTokenOfTheDataUnlessOneIsGiven() {
    assertThat(masked("", new DataSizes(10, 7, 3)).toJson()).contains("\"padding\":7");
    assertThat(masked(", padding = 0", new DataSizes(10, 7, 3)).toJson()).contains("\"padding\":0");
    assertThat(masked(", padding = 2", new DataSizes(10, DataSizes.NO_PADDING, 3)).toJson())
        .contains("\"padding\":2");
  }

  @Test
  void paddingMask_whereNoTokenFillsUp_isRefused() {
    assertThatThrownBy(() -> masked("", new DataSizes(10, DataSizes.NO_PADDING, 3)))
        .hasMessageContaining("data must have a token that fills texts up, as labelled-text has");
  }

  @Test
  void network_ofImages_isRefused() {
    TextClassifier model = new TextClassifier(models().get(0));
    ImageShape image = new ImageShape(1, 8, 8);

    assertThatThrownBy(() -> Network.of(model, image, new DataSizes(10, 0, 10)))
        .hasMessageContaining("text-classifier does not fit examples of 1×8×8")
        .hasMessageContaining("its input must be the tokens of a text");
  }

  @Test
  void meanPool_withoutAMask_takesAllPositions() {
    Network network =
        Network.of(
            new ImageShape(1, 1, 2),
            List.of(
                new Network.GraphNode("tokens", new TokenEmbedding(2, 2), List.of(Network.INPUT)),
                new Network.GraphNode("pool", new MeanPool(), List.of("tokens"))));
    Map<ParameterId, float[]> values =
        Map.of(new ParameterId("tokens.weight"), new float[] {1, 3, 10, 30});

    assertThat(EvaluationPass.run(network, values, 2, new float[] {0, 1, 1, 1}))
        .containsExactly(2, 20, 3, 30);
  }
}
