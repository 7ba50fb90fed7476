package io.espalier.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.ModelConfig;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.Network.GraphNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AddendsTest {
  private static final ImageShape COLOUR_32 = new ImageShape(3, 32, 32);

  private static Collection<ParameterId> weights(Network network) {
    return network.parameters().stream()
        .filter(spec -> spec.role() == ParameterSpec.Role.WEIGHT)
        .map(ParameterSpec::id)
        .toList();
  }

  private static List<String> before(Network network, String weight) {
    return Addends.of(network, weights(network)).before(new ParameterId(weight)).stream()
        .map(each -> each.weight().id().name())
        .toList();
  }

  private static GraphNode convolution(String name, int kernel, int groups, String from) {
    return new GraphNode(
        name, new Convolution(4, kernel, 1, kernel / 2, groups, false), List.of(from));
  }

  /** Nodes between a stem of four channels and the classifier. */
  private static Network network(GraphNode... nodes) {
    GraphNode last = nodes[nodes.length - 1];
    List<GraphNode> all = new ArrayList<>(List.of(convolution("stem", 3, 1, Network.INPUT)));
    all.addAll(Arrays.asList(nodes));
    all.add(new GraphNode("pool", new GlobalAveragePool(), List.of(last.name())));
    all.add(new GraphNode("output", new Linear(10, true), List.of("pool")));
    return Network.of(COLOUR_32, all);
  }

  private static GraphNode node(String name, Layer layer, String... from) {
    return new GraphNode(name, layer, List.of(from));
  }

  @Test
  void before_inATransformer_areAllThatWroteTheResidual() {
    Network network = SampleTransformers.network(SampleTransformers.all().get(0));

    assertThat(before(network, "tokens.weight")).isEmpty();
    assertThat(before(network, "positions.weight")).containsExactly("tokens.weight");
    assertThat(before(network, "block1.attention.output.weight"))
        .containsExactly("tokens.weight", "positions.weight");
    assertThat(before(network, "block2.ffn.down.weight"))
        .containsExactly(
            "tokens.weight",
            "positions.weight",
            "block1.attention.output.weight",
            "block1.ffn.down.weight",
            "block2.attention.output.weight");
    assertThat(before(network, "block2.ffn.up.weight")).isEmpty();
  }

  @Test
  void before_ofWeightsThatAreNotPrunable_isWithoutThem() {
    Network network = SampleTransformers.network(SampleTransformers.all().get(0));
    List<ParameterId> prunable =
        weights(network).stream().filter(id -> !id.name().equals("positions.weight")).toList();
    Addends addends = Addends.of(network, prunable);

    assertThat(addends.of(new ParameterId("positions.weight"))).isEmpty();
    assertThat(addends.before(new ParameterId("positions.weight"))).isEmpty();
    assertThat(addends.before(new ParameterId("block1.attention.output.weight")))
        .extracting(each -> each.weight().id().name())
        .containsExactly("tokens.weight");
  }

  /** An activation is behind each sum, so that only projections are added to another layer. */
  @Test
  void before_inAResidualNetwork_areTheLayersBesideProjections() {
    Network network = Network.of(new ModelConfig.ResNet(8, 4), COLOUR_32, 10);

    assertThat(
            weights(network).stream().filter(id -> !before(network, id.name()).isEmpty()).toList())
        .extracting(ParameterId::name)
        .containsExactly(
            "stage2.block1.shortcut.conv.weight", "stage3.block1.shortcut.conv.weight");
    assertThat(before(network, "stage2.block1.shortcut.conv.weight"))
        .containsExactly("stage2.block1.conv2.weight");
  }

  @Test
  void before_ofWhatSomethingElseReadsToo_areNone() {
    Network direct =
        network(
            convolution("a", 3, 1, "stem"),
            convolution("b", 1, 1, "stem"),
            node("sum", new Add(), "a", "b"),
            node("more", new Multiply(), "sum", "b"));
    Network twice =
        network(
            convolution("a", 3, 1, "stem"),
            convolution("b", 1, 1, "stem"),
            node("sum", new Add(), "a", "b", "b"));
    Network behindNorm =
        network(
            convolution("a", 3, 1, "stem"),
            convolution("b", 1, 1, "stem"),
            node("norm", new BatchNorm(.5f), "b"),
            node("sum", new Add(), "a", "norm"),
            node("more", new Multiply(), "sum", "norm"));

    assertThat(before(direct, "b.weight")).isEmpty();
    assertThat(before(twice, "b.weight")).isEmpty();
    assertThat(before(behindNorm, "b.weight")).isEmpty();
  }

  @Test
  void before_ofASumThatIsAdded_goesOnThere_asOftenAsItIsAdded() {
    Network network =
        network(
            convolution("a", 3, 1, "stem"),
            convolution("b", 1, 1, "stem"),
            node("first", new Add(), "a", "b"),
            convolution("c", 3, 1, "first"),
            node("second", new Add(), "c", "first", "first"));

    assertThat(before(network, "c.weight"))
        .containsExactly("a.weight", "a.weight", "b.weight", "b.weight");
    assertThat(before(network, "b.weight")).containsExactly("a.weight");
  }

  @Test
  void before_behindActivations_andGroups_areNone() {
    Network network =
        network(
            convolution("a", 3, 1, "stem"),
            node("relu", new Activation(Activation.Function.RELU), "a"),
            convolution("grouped", 3, 2, "stem"),
            convolution("b", 1, 1, "stem"),
            node("sum", new Add(), "relu", "grouped", "b"));

    assertThat(before(network, "b.weight")).isEmpty();
    assertThat(before(network, "grouped.weight")).isEmpty();
  }

  @Test
  void factors_behindABatchNorm_areItsScalesOverDeviations() {
    Network network =
        network(
            convolution("a", 3, 1, "stem"),
            node("norm", new BatchNorm(.25f), "a"),
            convolution("b", 1, 1, "stem"),
            node("sum", new Add(), "norm", "b"));
    Map<ParameterId, float[]> values =
        Map.of(
            new ParameterId("norm.scale"), new float[] {1, -2, 0, 3},
            new ParameterId("norm.variance"), new float[] {0, 3.75f, 1, 8.75f});
    Addends addends = Addends.of(network, weights(network));

    assertThat(
            addends
                .of(new ParameterId("a.weight"))
                .orElseThrow()
                .factors(id -> Objects.requireNonNull(values.get(id))))
        .containsExactly(new double[] {2, -1, 0, 1}, within(1e-12));
    assertThat(
            addends
                .of(new ParameterId("b.weight"))
                .orElseThrow()
                .factors(id -> Objects.requireNonNull(values.get(id))))
        .containsExactly(1, 1, 1, 1);
    assertThat(before(network, "b.weight")).containsExactly("a.weight");
  }
}
