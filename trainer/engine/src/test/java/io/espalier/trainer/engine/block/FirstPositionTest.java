package io.espalier.trainer.engine.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.GranularityConfig.Channel.Scope;
import io.espalier.configs.ModelConfig.FeedForward;
import io.espalier.configs.ModelConfig.Positions;
import io.espalier.configs.ModelConfig.SequenceNorm;
import io.espalier.masks.ParameterId;
import io.espalier.masks.channel.ChannelMasks.Sides;
import io.espalier.trainer.network.FirstPosition;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.LayerList;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.NetworkGroups;
import io.espalier.trainer.network.NetworkGroups.Pruning;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.SampleTransformers;
import io.espalier.trainer.network.SampleValues;
import io.espalier.trainer.network.TensorShape;
import io.espalier.trainer.network.TokenEmbedding;
import io.espalier.trainer.network.Transformer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FirstPositionTest {
  private static final int CLASSES = 3;

  /** A transformer that classifies texts by their first token. */
  static Network network() {
    LayerList layers = new LayerList();
    layers.add("tokens", new TokenEmbedding(SampleTransformers.TOKENS, 8));
    Transformer.Blocks blocks =
        new Transformer.Blocks(
            2, 8, 4, 2, 10, Positions.LEARNED, SequenceNorm.LAYER, FeedForward.GELU, false);
    Transformer.add(layers, blocks, Optional.empty());
    layers.add("first", new FirstPosition());
    return Network.of(new ImageShape(1, 1, SampleTransformers.CONTEXT), layers.classify(CLASSES));
  }

  @Test
  void forward_ofASequence_givesTheFirstPosition() {
    Network.Builder graph = Network.builder(new ImageShape(1, 1, 3));
    graph.add(
        "first", new FirstPosition(), graph.add("tokens", new TokenEmbedding(4, 2), Network.INPUT));
    Map<ParameterId, float[]> values =
        Map.of(new ParameterId("tokens.weight"), new float[] {1, 2, 3, 4, 10, 20, 30, 40});

    assertThat(EvaluationPass.run(graph.build(), values, 2, new float[] {2, 0, 1, 3, 2, 2}))
        .containsExactly(3, 30, 4, 40);
  }

  @Test
  void backward_agreesWithFiniteDifferences() {
    Random random = new Random(5);
    float[] tokens = SampleTransformers.tokens(2, random);
    float[] weights = SampleValues.uniform(2 * CLASSES, -1, 1, random);
    try (Probe probe = new Probe(network(), 6)) {
      probe.backward(weights, 2, tokens);
      for (ParameterSpec spec : probe.block().network().parameters()) {
        String name = spec.id().name();
        float[] gradient = probe.gradient(name);
        for (int i = 0; i < gradient.length; i += Math.max(1, gradient.length / 4)) {
          assertThat(gradient[i])
              .as("%s %d", name, i)
              .isCloseTo(
                  TransformerTest.difference(probe, name, i, weights, tokens), within(2e-3f));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void masked_onBothSides_givesWhatTheCutNetworkGives(Scope scope) {
    Random random = new Random(3);
    MaskedChannelsTest.requireEquivalence(
        NetworkGroups.of(network(), new Pruning(Set.of(), scope, false)),
        SampleTransformers.tokens(MaskedChannelsTest.BATCH, random),
        List.of(Sides.BOTH),
        random);
  }

  @Test
  void outputOf_anImage_isRefused() {
    assertThatThrownBy(() -> new FirstPosition().outputOf(List.of(TensorShape.image(1, 2, 2))))
        .hasMessageContaining("its input must be a sequence of features×positions");
  }
}
