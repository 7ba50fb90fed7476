package io.espalier.trainer.engine.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.ModelConfig.CharLm;
import io.espalier.configs.ModelConfig.FeedForward;
import io.espalier.configs.ModelConfig.Positions;
import io.espalier.configs.ModelConfig.SequenceNorm;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.Attention;
import io.espalier.trainer.network.GroupNorm;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Linear;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.PaddingMask;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.PositionNorm;
import io.espalier.trainer.network.RotaryEmbedding;
import io.espalier.trainer.network.SampleTransformers;
import io.espalier.trainer.network.SampleValues;
import io.espalier.trainer.network.TensorShape;
import io.espalier.trainer.network.TokenEmbedding;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Transformers against plain arithmetic and finite differences. */
final class TransformerTest {
  private static final int CONTEXT = SampleTransformers.CONTEXT;
  private static final int TOKENS = SampleTransformers.TOKENS;

  /** Weights of each parameter whose gradients are compared, at least. */
  private static final int PLACES = 8;

  static List<CharLm> models() {
    return SampleTransformers.all();
  }

  @ParameterizedTest
  @MethodSource("models")
  void forward_anyTransformer_agreesWithPlainArithmetic(CharLm model) {
    Network network = SampleTransformers.network(model);
    Random random = new Random(3);
    Map<ParameterId, float[]> values = SampleValues.of(network, random);
    float[] tokens = SampleTransformers.tokens(2, random);

    float[] logits = EvaluationPass.run(network, values, 2, tokens);

    NaiveTransformer naive = new NaiveTransformer(model, name -> values.get(new ParameterId(name)));
    float[] expected = new float[2 * CONTEXT * TOKENS];
    for (int example = 0; example < 2; example++) {
      double[][] rows =
          naive.logits(Arrays.copyOfRange(tokens, example * CONTEXT, (example + 1) * CONTEXT));
      for (int i = 0; i < CONTEXT * TOKENS; i++) {
        expected[example * CONTEXT * TOKENS + i] = (float) rows[i / TOKENS][i % TOKENS];
      }
    }
    assertThat(logits).containsExactly(expected, within(2e-5f));
  }

  @ParameterizedTest
  @MethodSource("models")
  void forward_otherLastToken_changesTheLastOutputOnly(CharLm model) {
    Network network = SampleTransformers.network(model);
    Random random = new Random(4);
    Map<ParameterId, float[]> values = SampleValues.of(network, random);
    float[] tokens = SampleTransformers.tokens(1, random);
    float[] other = tokens.clone();
    other[CONTEXT - 1] = (other[CONTEXT - 1] + 1) % TOKENS;

    float[] before = EvaluationPass.run(network, values, 1, tokens);
    float[] after = EvaluationPass.run(network, values, 1, other);

    int last = (CONTEXT - 1) * TOKENS;
    assertThat(Arrays.copyOf(after, last)).isEqualTo(Arrays.copyOf(before, last));
    assertThat(Arrays.copyOfRange(after, last, after.length))
        .isNotEqualTo(Arrays.copyOfRange(before, last, before.length));
  }

  @ParameterizedTest
  @MethodSource("models")
  void backward_anyTransformer_agreesWithFiniteDifferences(CharLm model) {
    Random random = new Random(5);
    float[] tokens = SampleTransformers.tokens(2, random);
    float[] weights = SampleValues.uniform(2 * CONTEXT * TOKENS, -0.3f, 0.3f, random);
    try (Probe probe = new Probe(SampleTransformers.network(model), 6)) {
      probe.backward(weights, 2, tokens);
      for (ParameterSpec spec : probe.block().network().parameters()) {
        String name = spec.id().name();
        float[] gradient = probe.gradient(name);
        int stride = Math.max(1, gradient.length / PLACES);
        for (int i = 0; i < gradient.length; i += stride) {
          assertThat(gradient[i])
              .as("%s %d", name, i)
              .isCloseTo(difference(probe, name, i, weights, tokens), within(2e-3f));
        }
      }
    }
  }

  static float difference(Probe probe, String name, int place, float[] weights, float[] tokens) {
    float step = 4e-3f;
    float[] values = probe.value(name);
    float[] moved = values.clone();
    moved[place] = values[place] + step;
    probe.set(name, moved);
    double above = dot(weights, probe.run(true, 2, tokens));
    moved[place] = values[place] - step;
    probe.set(name, moved);
    double below = dot(weights, probe.run(true, 2, tokens));
    probe.set(name, values);
    return (float) ((above - below) / (2 * step));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  @Test
  void backward_afterAGarbageCollection_hasTheSameGradients() {
    Random random = new Random(7);
    float[] tokens = SampleTransformers.tokens(1, random);
    float[] weights = SampleValues.uniform(CONTEXT * TOKENS, -1, 1, random);
    for (CharLm model : models()) {
      Network network = SampleTransformers.network(model);
      try (Probe once = new Probe(network, 1);
          Probe again = new Probe(network, 1)) {
        once.backward(weights, 1, tokens);
        again.backward(Garbage::collect, weights, 1, tokens);
        for (ParameterSpec spec : network.parameters()) {
          assertThat(again.gradient(spec.id().name())).isEqualTo(once.gradient(spec.id().name()));
        }
      }
    }
  }

  /** Equal queries and keys weigh all values alike, wherever they are. */
  @Test
  void attention_notCausal_readsAllPositions() {
    Network.Builder graph = Network.builder(new ImageShape(1, 1, 3));
    String tokens = graph.add("tokens", new TokenEmbedding(4, 2), Network.INPUT);
    String query = graph.add("query", new Linear(2, true), tokens);
    graph.add("heads", new Attention(1, false), query, query, tokens);
    try (Probe probe = new Probe(graph.build(), 1)) {
      probe.set("tokens.weight", 1, 2, 3, 4, 10, 20, 30, 40);
      probe.set("query.weight", 0, 0, 0, 0);

      assertThat(probe.run(false, 1, 0, 1, 3))
          .containsExactly(
              new float[] {7 / 3f, 70 / 3f, 7 / 3f, 70 / 3f, 7 / 3f, 70 / 3f}, within(1e-5f));
    }
  }

  /** Of two values at tokens and one at padding. */
  @Test
  void attention_withAPaddingMask_readsTokensOnly() {
    Network.Builder graph = Network.builder(new ImageShape(1, 1, 3));
    String tokens = graph.add("tokens", new TokenEmbedding(4, 2), Network.INPUT);
    String mask = graph.add("mask", new PaddingMask(3), Network.INPUT);
    String query = graph.add("query", new Linear(2, true), tokens);
    graph.add("heads", new Attention(1, false), query, query, tokens, mask);
    try (Probe probe = new Probe(graph.build(), 1)) {
      probe.set("tokens.weight", 1, 2, 3, 4, 10, 20, 30, 40);
      probe.set("query.weight", 0, 0, 0, 0);

      assertThat(probe.run(false, 2, 0, 3, 1, 3, 3, 3))
          .containsExactly(
              new float[] {1.5f, 15, 1.5f, 15, 1.5f, 15, 4, 40, 4, 40, 4, 40}, within(1e-5f));
    }
  }

  /** Products, scaled, plus each mask, and the softmax, of 3 heads and 4 positions. */
  @Test
  void attention_intermediates_areItsMaps() {
    TensorShape sequence = TensorShape.sequence(6, 4);
    List<TensorShape> three = List.of(sequence, sequence, sequence);
    List<TensorShape> four = List.of(sequence, sequence, sequence, TensorShape.sequence(1, 4));

    assertThat(new Attention(2, false).intermediates(three)).isEqualTo(3 * 3 * 4 * 4);
    assertThat(new Attention(2, true).intermediates(four)).isEqualTo(5 * 3 * 4 * 4);
  }

  @Test
  void backward_withAPaddingMask_agreesWithFiniteDifferences() {
    Network.Builder graph = Network.builder(new ImageShape(1, 1, 4));
    String tokens = graph.add("tokens", new TokenEmbedding(5, 4), Network.INPUT);
    String mask = graph.add("mask", new PaddingMask(0), Network.INPUT);
    String query = graph.add("query", new Linear(4, true), tokens);
    String key = graph.add("key", new Linear(2, true), tokens);
    String value = graph.add("value", new Linear(2, true), tokens);
    graph.add("heads", new Attention(2, true), query, key, value, mask);
    float[] read = {1, 4, 2, 0, 3, 0, 0, 2};
    float[] weights = SampleValues.uniform(2 * 4 * 4, -1, 1, new Random(8));
    try (Probe probe = new Probe(graph.build(), 9)) {
      probe.backward(weights, 2, read);
      for (ParameterSpec spec : probe.block().network().parameters()) {
        String name = spec.id().name();
        float[] gradient = probe.gradient(name);
        for (int i = 0; i < gradient.length; i++) {
          assertThat(gradient[i])
              .as("%s %d", name, i)
              .isCloseTo(difference(probe, name, i, weights, read), within(2e-3f));
        }
      }
    }
  }

  @Test
  void layers_withoutTheShapesThatTheyRead_areRefused() {
    TensorShape image = TensorShape.image(1, 2, 2);
    TensorShape sequence = TensorShape.sequence(6, 4);

    assertThatThrownBy(() -> new PositionNorm(true, 0, 1e-5f).outputOf(List.of(image)))
        .hasMessageContaining("its input must be a sequence of features×positions");
    assertThatThrownBy(() -> new GroupNorm(1, 1e-5f).outputOf(List.of(sequence)))
        .hasMessageContaining("its input must be an image or a vector, not a sequence: input=6×4");
    assertThatThrownBy(() -> new TokenEmbedding(4, 2).outputOf(List.of(image)))
        .hasMessageContaining("its input must be the tokens of a text, 1×1×positions: input=1×2×2");
    assertThatThrownBy(() -> new Attention(4, true).outputOf(List.of(sequence, sequence, sequence)))
        .hasMessageContaining("its features must be those of whole heads: head-size=4, input=6×4");
    assertThatThrownBy(
            () ->
                new Attention(2, true)
                    .outputOf(List.of(sequence, TensorShape.sequence(4, 4), sequence)))
        .hasMessageContaining("keys and values must have one shape");
    assertThatThrownBy(
            () ->
                new Attention(3, true)
                    .outputOf(List.of(sequence, sequence, sequence, TensorShape.sequence(1, 5))))
        .hasMessageContaining("its last input must be the padding-mask of its sequence: mask=1×5");
    assertThatThrownBy(() -> new RotaryEmbedding(3, 10_000))
        .hasMessageContaining("a head must have an even size");
  }

  @Test
  void charLm_ofTheStandardSize_hasTheShapesOfItsBlocks() {
    Network network =
        Network.of(
            new CharLm(4, 128, 4, 4, 512, Positions.LEARNED, SequenceNorm.LAYER, FeedForward.GELU),
            new ImageShape(1, 1, 64),
            62);

    assertThat(network.outputs()).isEqualTo(62);
    assertThat(network.positions()).isEqualTo(64);
    assertThat(network.tokens()).hasValue(62);
    assertThat(network.macs()).isEqualTo(64L * (4 * (4 * 128 * 128 + 2 * 128 * 512) + 62 * 128));
    assertThat(network.parameters().get(0).shape().dimensions()).containsExactly(128, 62);
    assertThat(Network.parse(network.toJson()).toJson()).isEqualTo(network.toJson());
  }
}
