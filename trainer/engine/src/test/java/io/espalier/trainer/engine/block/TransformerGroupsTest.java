package io.espalier.trainer.engine.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.GranularityConfig.Channel.Scope;
import io.espalier.configs.ModelConfig.CharLm;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.channel.ChannelMasks.Sides;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.PruningConstraint;
import io.espalier.trainer.network.Add;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Linear;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.NetworkGroups;
import io.espalier.trainer.network.NetworkGroups.Pruning;
import io.espalier.trainer.network.PositionNorm;
import io.espalier.trainer.network.SampleTransformers;
import io.espalier.trainer.network.TokenEmbedding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which parts of a transformer go together, and that cuts leave its function. */
final class TransformerGroupsTest {
  static List<CharLm> models() {
    return SampleTransformers.all();
  }

  private static NetworkGroups groups(CharLm model, Scope scope, boolean hides) {
    return NetworkGroups.of(SampleTransformers.network(model), new Pruning(Set.of(), scope, hides));
  }

  private static Group of(NetworkGroups groups, String parameter, int axis) {
    return groups.groups().all().stream()
        .filter(
            group ->
                group.members().stream()
                    .anyMatch(
                        member ->
                            member.parameter().equals(new ParameterId(parameter))
                                && member.axis() == axis))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> members(Group group) {
    return group.members().stream().map(String::valueOf).toList();
  }

  @Test
  void groups_headsThatShareKeys_goTogether() {
    Group heads = of(groups(models().get(1), Scope.ALL, false), "block1.attention.key.weight", 0);

    assertThat(heads.channels()).isEqualTo(2);
    assertThat(heads.obstacle()).isEmpty();
    assertThat(members(heads))
        .containsExactly(
            "block1.attention.query.weight axis 0 ×6",
            "block1.attention.query.bias axis 0 ×6",
            "block1.attention.key.weight axis 0 ×2",
            "block1.attention.key.bias axis 0 ×2",
            "block1.attention.value.weight axis 0 ×2",
            "block1.attention.value.bias axis 0 ×2",
            "block1.attention.output.weight axis 1 ×6");
  }

  @Test
  void groups_neuronsOfAGatedLayer_goTogether() {
    Group neurons = of(groups(models().get(1), Scope.ALL, false), "block1.ffn.up.weight", 0);

    assertThat(neurons.channels()).isEqualTo(10);
    assertThat(members(neurons))
        .containsExactly(
            "block1.ffn.up.weight axis 0",
            "block1.ffn.up.bias axis 0",
            "block1.ffn.gate.weight axis 0",
            "block1.ffn.gate.bias axis 0",
            "block1.ffn.down.weight axis 1");
  }

  @Test
  void groups_featuresOfTheResidual_goTogetherInAllBlocks() {
    Group width = of(groups(models().get(0), Scope.ALL, false), "tokens.weight", 0);

    assertThat(width.channels()).isEqualTo(8);
    assertThat(width.obstacle()).isEmpty();
    assertThat(members(width))
        .contains(
            "positions.weight axis 0",
            "block1.norm1.scale axis 0",
            "block1.attention.query.weight axis 1",
            "block1.attention.output.weight axis 0",
            "block2.norm2.shift axis 0",
            "block2.ffn.down.weight axis 0",
            "norm.scale axis 0",
            "output.weight axis 1");
  }

  @Test
  void groups_featuresThatLiveOnOrHaveABias_stayInFrontOfNorms() {
    assertThat(of(groups(models().get(0), Scope.ALL, true), "tokens.weight", 0).obstacle())
        .contains(PruningConstraint.NORMALISED_TOGETHER);
    assertThat(of(groups(models().get(0), Scope.ALL, true), "block1.ffn.up.weight", 0).obstacle())
        .isEmpty();

    Network.Builder graph = Network.builder(new ImageShape(1, 1, 3));
    String tokens = graph.add("tokens", new TokenEmbedding(4, 6), Network.INPUT);
    String biased = graph.add("biased", new Linear(6, true), tokens);
    String sum = graph.add("sum", new Add(), tokens, biased);
    graph.add("output", new Linear(4, true), graph.add("norm", new PositionNorm(true, 0, 1), sum));
    assertThat(of(NetworkGroups.of(graph.build()), "tokens.weight", 0).obstacle())
        .contains(PruningConstraint.NORMALISED_TOGETHER);
  }

  @Test
  void groups_ofHeadsOnly_keepAllElse() {
    List<Group> all = groups(models().get(2), Scope.HEADS, false).groups().all();

    assertThat(all.stream().filter(Group::isPrunable).map(Group::channels)).containsExactly(2, 2);
    assertThat(all.stream().map(Group::obstacle))
        .contains(
            Optional.of(PruningConstraint.NO_HEAD),
            Optional.of(PruningConstraint.NETWORK_INPUT),
            Optional.of(PruningConstraint.NETWORK_OUTPUT));
  }

  @ParameterizedTest
  @MethodSource("models")
  void masked_onBothSides_givesWhatTheCutNetworkGives(CharLm model) {
    for (Scope scope : Scope.values()) {
      for (long seed = 1; seed <= 5; seed++) {
        Random random = new Random(seed);
        MaskedChannelsTest.requireEquivalence(
            groups(model, scope, false),
            SampleTransformers.tokens(MaskedChannelsTest.BATCH, random),
            List.of(Sides.BOTH),
            random);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void masked_whereReadersLoseThem_givesWhatTheCutNetworkGives(CharLm model) {
    Random random = new Random(1);
    MaskedChannelsTest.requireEquivalence(
        groups(model, Scope.ALL, true),
        SampleTransformers.tokens(MaskedChannelsTest.BATCH, random),
        List.of(Sides.values()),
        random);
  }

  @Test
  void cut_ofOneHeadOfKeys_leavesTheQueriesOfTheOther() {
    NetworkGroups groups = groups(models().get(1), Scope.HEADS, false);
    Group heads = of(groups, "block1.attention.key.weight", 0);
    List<Mask> kept = new ArrayList<>(groups.groups().allKept());
    kept.set(heads.id(), Mask.of(2, head -> head == 1));

    Network cut = groups.cut(kept).network();

    assertThat(cut.shapeOf("block1.attention.query")).hasToString("6×6");
    assertThat(cut.shapeOf("block1.attention.key")).hasToString("2×6");
    assertThat(cut.shapeOf("block1.attention.heads")).hasToString("6×6");
    assertThat(Network.parse(cut.toJson()).macs()).isEqualTo(cut.macs());
  }
}
