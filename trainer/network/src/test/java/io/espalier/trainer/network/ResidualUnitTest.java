package io.espalier.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.GranularityConfig.Channel.Scope;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.ModelConfig.CharLm;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.PruningConstraint;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.NetworkGroups.CutNetwork;
import io.espalier.trainer.network.NetworkGroups.Pruning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Whole layers that a residual goes around, as units of a network. */
final class ResidualUnitTest {
  private static final CharLm MODEL = SampleTransformers.all().get(0);

  private static NetworkGroups groups(Network network, Scope scope, String... excluded) {
    Set<ParameterId> ids =
        Arrays.stream(excluded).map(ParameterId::new).collect(Collectors.toSet());
    return NetworkGroups.of(network, new Pruning(ids, scope, false));
  }

  private static List<Mask> without(NetworkGroups groups, int... gone) {
    List<Mask> kept = new ArrayList<>(groups.groups().allKept());
    for (int group : gone) {
      kept.set(group, Mask.of(1, channel -> false));
    }
    return kept;
  }

  private static List<String> nodes(Network network) {
    return network.nodes().stream().map(GraphNode::name).toList();
  }

  @Test
  void units_ofATransformer_areSublayersOrBlocks() {
    Network network = SampleTransformers.network(MODEL);

    assertThat(ResidualUnit.of(network, Scope.SUBLAYERS).stream().map(ResidualUnit::to))
        .containsExactly("block1.add1", "block1.add2", "block2.add1", "block2.add2");
    List<ResidualUnit> blocks = ResidualUnit.of(network, Scope.BLOCKS);
    assertThat(blocks.stream().map(ResidualUnit::from)).containsExactly("embedding", "block1.add2");
    assertThat(blocks.stream().map(ResidualUnit::to)).containsExactly("block1.add2", "block2.add2");
    assertThat(blocks.get(1).weights().stream().map(ParameterId::name))
        .containsExactly(
            "block2.attention.query.weight",
            "block2.attention.key.weight",
            "block2.attention.value.weight",
            "block2.attention.output.weight",
            "block2.ffn.up.weight",
            "block2.ffn.down.weight");
  }

  /** Attention reads the mask of padding, which the residual does not go into. */
  @Test
  void units_ofATextClassifier_leaveItsMaskToOthers() {
    ModelConfig model = new ModelConfig(new ModelConfig.TextClassifier(MODEL));
    Network network =
        Network.of(model.architecture(), new ImageShape(1, 1, 6), new DataSizes(5, 4, 3));
    NetworkGroups groups = groups(network, Scope.BLOCKS);

    assertThat(ResidualUnit.of(network, Scope.BLOCKS)).hasSize(2);
    assertThat(nodes(groups.cut(without(groups, 0, 1)).network()))
        .containsExactly("mask", "tokens", "positions", "embedding", "norm", "pool", "output");
  }

  @Test
  void groups_ofSublayers_areOneChannelEach_allElseStays() {
    List<Group> all = groups(SampleTransformers.network(MODEL), Scope.SUBLAYERS).groups().all();

    assertThat(all.stream().map(Group::channels)).containsOnly(1);
    assertThat(all.stream().map(Group::mayVanish)).containsExactly(true, true, true, true, false);
    assertThat(all.get(4).obstacle()).contains(PruningConstraint.NO_RESIDUAL);
    assertThat(all.get(1).members().stream().map(String::valueOf))
        .containsExactly(
            "block1.norm2.scale axis 0 ×8",
            "block1.norm2.shift axis 0 ×8",
            "block1.ffn.up.weight axis 1 ×8",
            "block1.ffn.up.bias axis 0 ×12",
            "block1.ffn.down.weight axis 1 ×12");
  }

  @Test
  void groups_withAnExcludedWeight_keepItsUnit() {
    List<Group> all =
        groups(SampleTransformers.network(MODEL), Scope.BLOCKS, "block1.ffn.up.weight")
            .groups()
            .all();

    assertThat(all.stream().map(Group::obstacle))
        .containsExactly(
            Optional.of(PruningConstraint.EXCLUDED),
            Optional.empty(),
            Optional.of(PruningConstraint.NO_RESIDUAL));
  }

  @Test
  void cut_ofASublayer_leavesTheResidual() {
    NetworkGroups groups = groups(SampleTransformers.network(MODEL), Scope.SUBLAYERS);

    CutNetwork cut = groups.cut(without(groups, 1, 2));

    assertThat(nodes(cut.network()))
        .containsExactly(
            "tokens",
            "positions",
            "embedding",
            "block1.norm1",
            "block1.attention.query",
            "block1.attention.key",
            "block1.attention.value",
            "block1.attention.heads",
            "block1.attention.output",
            "block1.add1",
            "block2.norm2",
            "block2.ffn.up",
            "block2.ffn.gelu",
            "block2.ffn.down",
            "block2.add2",
            "norm",
            "output");
    assertThat(cut.layout().gone()).hasSize(5 + 2 + 7);
    assertThat(cut.network().values()).isEqualTo(groups.values().of(List.of(1, 0, 0, 1, 1)));
    assertThat(cut.network().macs()).isEqualTo(groups.macs().of(List.of(1, 0, 0, 1, 1)));
  }

  @Test
  void cut_ofAllBlocks_leavesEmbeddingsAndOutput() {
    NetworkGroups groups = groups(SampleTransformers.network(MODEL), Scope.BLOCKS);

    assertThat(nodes(groups.cut(without(groups, 0, 1)).network()))
        .containsExactly("tokens", "positions", "embedding", "norm", "output");
  }

  /** A norm with a shift gives a constant where the weights before it are 0. */
  @Test
  void units_ofAResidualNetworkWithNorms_areNone() {
    Network network = Network.of(new ModelConfig.ResNet(8, 4), new ImageShape(1, 8, 8), 3);

    assertThat(ResidualUnit.of(network, Scope.SUBLAYERS)).isEmpty();
  }

  @Test
  void units_ofConvolutionsWithoutNorms_goWithWhatTheyReadAlone() {
    Network.Builder graph = Network.builder(new ImageShape(1, 8, 8));
    String stem = graph.add("stem", new Convolution(3, 3, 1, 1, 1, true), Network.INPUT);
    String relu = graph.add("relu", new Activation(Activation.Function.RELU), stem);
    String conv1 = graph.add("conv1", new Convolution(5, 3, 1, 1, 1, true), relu);
    String conv2 = graph.add("conv2", new Convolution(3, 3, 1, 1, 1, false), conv1);
    String sum = graph.add("sum", new Add(), conv2, stem);
    String pool = graph.add("pool", new GlobalAveragePool(), sum);
    graph.add("output", new Linear(2, true), pool);
    NetworkGroups groups = groups(graph.build(), Scope.SUBLAYERS);

    assertThat(groups.groups().all().get(0).isPrunable()).isTrue();
    assertThat(nodes(groups.cut(without(groups, 0)).network()))
        .containsExactly("stem", "pool", "output");
  }
}
