package io.espalier.trainer.engine.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.ModelConfig;
import io.espalier.masks.ParameterId;
import io.espalier.masks.structure.AxisSlices;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.NetworkGroups;
import io.espalier.trainer.network.NetworkGroups.CutNetwork;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.RandomLayers;
import io.espalier.trainer.network.SampleValues;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A network whose channels are zero and the one without them give the same. */
final class ZeroEquivalenceTest {
  private static final int BATCH = 3;

  static List<ModelConfig.Architecture> zoo() {
    return List.of(
        new ModelConfig.Mlp(List.of(20, 12)),
        new ModelConfig.LeNet300100(),
        new ModelConfig.LeNet5(),
        new ModelConfig.LeNet5BatchNorm(),
        new ModelConfig.ResNet(8, 6),
        new ModelConfig.ResNet(20, 4),
        new ModelConfig.MobileNet(3));
  }

  @ParameterizedTest
  @MethodSource("zoo")
  void cut_ofZeroChannels_changesNoOutput(ModelConfig.Architecture model) {
    requireEquivalence(Network.of(model, new ImageShape(1, 28, 28), 10), 1);
  }

  @Property(tries = 300, seed = "1")
  void cut_ofZeroChannelsOfAnyNetwork_changesNoOutput(@ForAll long seed) {
    requireEquivalence(RandomLayers.network(seed), seed);
  }

  private static void requireEquivalence(Network network, long seed) {
    Random random = new Random(seed);
    NetworkGroups groups = NetworkGroups.of(network);
    CutNetwork cut = groups.cut(RandomLayers.someKept(groups, random));
    Map<ParameterId, float[]> masked = new LinkedHashMap<>();
    Map<ParameterId, float[]> sliced = new LinkedHashMap<>();
    for (ParameterSpec spec : network.parameters()) {
      float[] values = SampleValues.of(spec, random);
      int[] survivors = AxisSlices.originalIndices(cut.layout(), spec.id());
      sliced.put(spec.id(), at(values, survivors));
      masked.put(spec.id(), spec.role().isTrained() ? only(values, survivors) : values);
    }
    float[] examples = SampleValues.uniform(BATCH * network.input().size(), -1, 1, random);

    float[] whole = EvaluationPass.run(network, masked, BATCH, examples);
    float[] small = EvaluationPass.run(cut.network(), sliced, BATCH, examples);

    float largest = 0;
    for (float value : whole) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(largest).isPositive();
    assertThat(small).containsExactly(whole, within(1e-5f * largest));
  }

  static float[] at(float[] values, int[] indices) {
    float[] some = new float[indices.length];
    for (int i = 0; i < indices.length; i++) {
      some[i] = values[indices[i]];
    }
    return some;
  }

  private static float[] only(float[] values, int[] indices) {
    float[] rest = new float[values.length];
    Arrays.stream(indices).forEach(i -> rest[i] = values[i]);
    return rest;
  }
}
