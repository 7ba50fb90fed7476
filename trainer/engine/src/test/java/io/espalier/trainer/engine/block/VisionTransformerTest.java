package io.espalier.trainer.engine.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.GranularityConfig.Channel.Scope;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.ModelConfig.CharLm;
import io.espalier.configs.ModelConfig.FeedForward;
import io.espalier.configs.ModelConfig.Pooling;
import io.espalier.configs.ModelConfig.Positions;
import io.espalier.configs.ModelConfig.SequenceNorm;
import io.espalier.configs.ModelConfig.TinyVit;
import io.espalier.masks.ParameterId;
import io.espalier.masks.channel.ChannelMasks.Sides;
import io.espalier.masks.structure.Group;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.NetworkGroups;
import io.espalier.trainer.network.NetworkGroups.Pruning;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.SampleValues;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A vision transformer against plain arithmetic and finite differences. */
final class VisionTransformerTest {
  private static final ImageShape INPUT = new ImageShape(2, 4, 6);
  private static final int CLASSES = 3;
  private static final int PATCH = 2;
  private static final int FEATURES = 8;
  private static final CharLm BLOCKS =
      new CharLm(2, FEATURES, 4, 4, 10, Positions.LEARNED, SequenceNorm.LAYER, FeedForward.GELU);

  static Network network(Pooling pooling) {
    return Network.of(new TinyVit(PATCH, 2, FEATURES, 4, 10, pooling), INPUT, CLASSES);
  }

  @ParameterizedTest
  @EnumSource
  void forward_agreesWithPlainArithmetic(Pooling pooling) {
    Network network = network(pooling);
    Random random = new Random(7);
    Map<ParameterId, float[]> values = SampleValues.of(network, random);
    float[] image = SampleValues.uniform(INPUT.size(), -1, 1, random);

    float[] logits = EvaluationPass.run(network, values, 1, image);

    NaiveTransformer naive =
        new NaiveTransformer(BLOCKS, name -> values.get(new ParameterId(name)));
    double[][] normalised =
        naive.blocks(
            embedded(
                image,
                Objects.requireNonNull(values.get(new ParameterId("patches.weight"))),
                values.getOrDefault(new ParameterId("class-token.weight"), new float[0]),
                Objects.requireNonNull(values.get(new ParameterId("positions.weight")))),
            (position, other) -> true);
    int read = pooling == Pooling.CLASS_TOKEN ? 1 : normalised.length;
    double[] mean = new double[FEATURES];
    for (int position = 0; position < read; position++) {
      for (int f = 0; f < mean.length; f++) {
        mean[f] += normalised[position][f] / read;
      }
    }
    double[] expected = naive.linear("output", true, new double[][] {mean})[0];
    for (int c = 0; c < CLASSES; c++) {
      assertThat((double) logits[c]).isCloseTo(expected[c], within(2e-5));
    }
  }

  /**
   * The token if there is one and patches row by row, each the product of its pixels and the
   * weight, and the features of its place.
   */
  private static double[][] embedded(
      float[] image, float[] weight, float[] token, float[] positions) {
    int columns = INPUT.width() / PATCH;
    int count = columns * (INPUT.height() / PATCH);
    int before = token.length / FEATURES;
    double[][] x = new double[before + count][FEATURES];
    for (int place = 0; place < x.length; place++) {
      for (int f = 0; f < FEATURES; f++) {
        x[place][f] = positions[f * x.length + place] + (place < before ? token[f] : 0);
      }
    }
    for (int p = 0; p < count; p++) {
      for (int f = 0; f < FEATURES; f++) {
        for (int i = 0; i < INPUT.channels() * PATCH * PATCH; i++) {
          int channel = i / (PATCH * PATCH);
          int row = p / columns * PATCH + i / PATCH % PATCH;
          int column = p % columns * PATCH + i % PATCH;
          x[before + p][f] +=
              weight[f * INPUT.channels() * PATCH * PATCH + i]
                  * image[(channel * INPUT.height() + row) * INPUT.width() + column];
        }
      }
    }
    return x;
  }

  @ParameterizedTest
  @EnumSource
  void backward_agreesWithFiniteDifferences(Pooling pooling) {
    Random random = new Random(5);
    float[] images = SampleValues.uniform(2 * INPUT.size(), -1, 1, random);
    float[] weights = SampleValues.uniform(2 * CLASSES, -1, 1, random);
    try (Probe probe = new Probe(network(pooling), 6)) {
      probe.backward(weights, 2, images);
      for (ParameterSpec spec : probe.block().network().parameters()) {
        String name = spec.id().name();
        float[] gradient = probe.gradient(name);
        for (int i = 0; i < gradient.length; i += Math.max(1, gradient.length / 4)) {
          assertThat(gradient[i])
              .as("%s %d", name, i)
              .isCloseTo(
                  TransformerTest.difference(probe, name, i, weights, images), within(2e-3f));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void masked_onBothSides_givesWhatTheCutNetworkGives(Scope scope) {
    for (Pooling pooling : Pooling.values()) {
      Random random = new Random(3);
      MaskedChannelsTest.requireEquivalence(
          NetworkGroups.of(network(pooling), new Pruning(Set.of(), scope, false)),
          SampleValues.uniform(MaskedChannelsTest.BATCH * INPUT.size(), -1, 1, random),
          List.of(Sides.BOTH),
          random);
    }
  }

  @Test
  void groups_ofAClassToken_areThoseOfTheResidual() {
    Group width =
        NetworkGroups.of(network(Pooling.CLASS_TOKEN)).groups().all().stream()
            .filter(group -> group.channels() == FEATURES && group.isPrunable())
            .findFirst()
            .orElseThrow();

    assertThat(width.members().stream().map(String::valueOf))
        .startsWith(
            "patches.weight axis 0",
            "class-token.weight axis 0",
            "positions.weight axis 0",
            "block1.norm1.scale axis 0");
  }

  @ParameterizedTest
  @EnumSource
  void groups_whereThePatchesAreExcluded_areHeadsAndNeurons(Pooling pooling) {
    List<Group> groups =
        NetworkGroups.of(network(pooling), Set.of(new ParameterId("patches.weight")))
            .groups()
            .all();

    assertThat(groups.stream().filter(Group::isPrunable).map(Group::channels))
        .containsExactly(4, 10, 4, 10);
  }

  @Test
  void of_imagesThatPatchesDoNotCover_isRefused() {
    assertThatThrownBy(() -> Network.of(new TinyVit(4, 1, 8, 2, 8, Pooling.MEAN), INPUT, CLASSES))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("must divide height and width of the images")
        .hasMessageContaining("patch=4, images=2×4×6");
  }
}
