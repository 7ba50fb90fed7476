package io.espalier.trainer.engine.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.ModelConfig;
import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.ParameterId;
import io.espalier.masks.channel.ChannelMasks;
import io.espalier.masks.structure.AxisSlices;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.NetworkGroups;
import io.espalier.trainer.network.NetworkGroups.CutNetwork;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.ParameterSpec.Role;
import io.espalier.trainer.network.RandomLayers;
import io.espalier.trainer.network.SampleValues;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a pruned channel holds, masks of weights take it out of the network as a cut does. */
final class MaskedChannelsTest {
  static final int BATCH = 4;

  static List<ModelConfig.Architecture> zoo() {
    return ZeroEquivalenceTest.zoo();
  }

  @ParameterizedTest
  @MethodSource("zoo")
  void masked_givesWhatTheCutNetworkGives(ModelConfig.Architecture model) {
    requireEquivalence(Network.of(model, new ImageShape(1, 28, 28), 10), 1);
  }

  @Property(tries = 150, seed = "1")
  void masked_ofAnyNetwork_givesWhatTheCutNetworkGives(@ForAll long seed) {
    requireEquivalence(RandomLayers.network(seed), seed);
  }

  /** Channels of a network of which others were cut before, masked on either side or on both. */
  private static void requireEquivalence(Network network, long seed) {
    Random random = new Random(seed);
    float[] examples = SampleValues.uniform(BATCH * network.input().size(), -1, 1, random);
    requireEquivalence(
        NetworkGroups.of(network), examples, List.of(ChannelMasks.Sides.values()), random);
  }

  /** The same for given examples, masked on each of these sides. */
  static void requireEquivalence(
      NetworkGroups groups, float[] examples, List<ChannelMasks.Sides> all, Random random) {
    Network network = groups.network();
    List<Mask> present = RandomLayers.someKept(groups, random);
    List<Mask> kept = some(present, groups, random);
    CutNetwork before = groups.cut(present);
    CutNetwork after = groups.cut(kept);
    Map<ParameterId, float[]> values = SampleValues.of(network, random);

    for (boolean training : new boolean[] {false, true}) {
      float[] cut =
          EvaluationPass.run(
              after.network(), of(after.layout(), values), BATCH, examples, training);
      for (ChannelMasks.Sides sides : all) {
        MaskSet masks =
            new ChannelMasks(groups.groups(), before.layout(), weights(before.network()))
                .of(kept, sides, MaskVersion.DENSE);
        float[] masked =
            EvaluationPass.run(
                before.network(),
                masked(before.layout(), values, masks),
                BATCH,
                examples,
                training);
        float largest = 0;
        for (float value : masked) {
          largest = Math.max(largest, Math.abs(value));
        }
        assertThat(cut)
            .as("training=%s, sides=%s", training, sides)
            .containsExactly(masked, within(1e-5f * largest));
      }
    }
  }

  private static List<Mask> some(List<Mask> present, NetworkGroups groups, Random random) {
    return groups.groups().all().stream()
        .map(
            group -> {
              Mask of = present.get(group.id());
              int always = group.mayVanish() ? -1 : of.nextKept(0);
              return Mask.of(
                  group.channels(),
                  channel ->
                      of.isKept(channel)
                          && (!group.isPrunable() || channel == always || random.nextBoolean()));
            })
        .toList();
  }

  private static List<ParameterId> weights(Network network) {
    return network.parameters().stream()
        .filter(spec -> spec.role() == Role.WEIGHT)
        .map(ParameterSpec::id)
        .toList();
  }

  private static Map<ParameterId, float[]> of(Layout layout, Map<ParameterId, float[]> values) {
    Map<ParameterId, float[]> left = new LinkedHashMap<>();
    values.forEach(
        (id, all) ->
            left.put(id, ZeroEquivalenceTest.at(all, AxisSlices.originalIndices(layout, id))));
    return left;
  }

  private static Map<ParameterId, float[]> masked(
      Layout layout, Map<ParameterId, float[]> values, MaskSet masks) {
    Map<ParameterId, float[]> left = of(layout, values);
    for (ParameterId id : masks.parameters()) {
      float[] weight = Objects.requireNonNull(left.get(id));
      for (int i = 0; i < weight.length; i++) {
        weight[i] = masks.mask(id).isKept(i) ? weight[i] : 0f;
      }
    }
    return left;
  }
}
