package io.espalier.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.GranularityConfig.BudgetConfig;
import io.espalier.configs.GranularityConfig.ChannelLimits;
import io.espalier.configs.GranularityConfig.ChannelScoring;
import io.espalier.configs.GranularityConfig.ChannelScoring.Members;
import io.espalier.configs.GranularityConfig.ChannelScoring.Normalisation;
import io.espalier.configs.GranularityConfig.ChannelScoring.Signs;
import io.espalier.configs.GranularityConfig.CuttingConfig;
import io.espalier.configs.GranularityConfig.NormScaling;
import io.espalier.configs.GranularityConfig.Reduction;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.PruneConfig;
import io.espalier.configs.RankingConfig;
import io.espalier.configs.Span;
import io.espalier.configs.TargetConfig;
import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.channel.ChannelUpdater;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.statistic.Statistics;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.GroupMember;
import io.espalier.masks.structure.PruningConstraint;
import io.espalier.trainer.initial.InitialDraw;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.NetworkGroups.CutNetwork;
import io.espalier.trainer.run.Kinds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class NetworkGroupsTest {
  private static final InitialDraw HE = InitialDraw.of(ModelConfig.HE, 1);

  private static final PruneConfig HALF_THE_MACS =
      new PruneConfig(
          new TargetConfig(0.5, 0, List.of()),
          new GranularityConfig.Channel(
              new BudgetConfig.Macs(),
              new ChannelScoring(
                  Reduction.L2, Reduction.L2, Members.ALL, Signs.EACH, Normalisation.MEAN),
              new ChannelLimits(0.75, 2, 4),
              NormScaling.NONE,
              new CuttingConfig(CuttingConfig.When.END, new Span.Steps(0))),
          new RankingConfig(
              MemberSettings.of("magnitude"),
              MemberSettings.of("global").with("normalize", "none").with("sentinel", 0.5),
              MemberSettings.of("free")),
          MemberSettings.of("constant"),
          Kinds.HARD);

  private static final ImageShape GREY_28 = new ImageShape(1, 28, 28);
  private static final ImageShape COLOUR_32 = new ImageShape(3, 32, 32);

  private static Network network(ModelConfig.Architecture model) {
    return Network.of(model, model instanceof ModelConfig.ResNet ? COLOUR_32 : GREY_28, 10);
  }

  private static List<Group> groups(ModelConfig.Architecture model) {
    return NetworkGroups.of(network(model)).groups().all();
  }

  private static List<String> members(Group group) {
    return group.members().stream().map(GroupMember::toString).toList();
  }

  static Stream<ModelConfig.Architecture> zoo() {
    return Stream.concat(
        Stream.of(
            new ModelConfig.Mlp(List.of(30, 20)),
            new ModelConfig.LeNet300100(),
            new ModelConfig.LeNet5(),
            new ModelConfig.LeNet5BatchNorm(),
            new ModelConfig.MobileNet(16)),
        IntStream.rangeClosed(1, 9).mapToObj(n -> new ModelConfig.ResNet(6 * n + 2, 16)));
  }

  @ParameterizedTest
  @MethodSource("zoo")
  void groups_ofTheZoo_holdEachIndexOnce_andOnlyItsEndsMustStay(ModelConfig.Architecture model) {
    Network network = network(model);

    ChannelPlaces.requirePartition(network);

    List<Group> groups = NetworkGroups.of(network).groups().all();
    assertThat(groups.get(0).obstacle()).contains(PruningConstraint.NETWORK_INPUT);
    assertThat(groups.get(groups.size() - 1).obstacle()).contains(PruningConstraint.NETWORK_OUTPUT);
    assertThat(groups.subList(1, groups.size() - 1)).allMatch(Group::isPrunable);
  }

  @Test
  void groups_ofLeNet5_areItsLayersWithTheColumnsOfTheFlattenedImage() {
    List<Group> groups = groups(new ModelConfig.LeNet5());

    assertThat(groups).extracting(Group::channels).containsExactly(1, 20, 50, 500, 10);
    assertThat(groups)
        .extracting(NetworkGroupsTest::members)
        .containsExactly(
            List.of("conv1.weight axis 1"),
            List.of("conv1.weight axis 0", "conv1.bias axis 0", "conv2.weight axis 1"),
            List.of("conv2.weight axis 0", "conv2.bias axis 0", "fc1.weight axis 1 ×16"),
            List.of("fc1.weight axis 0", "fc1.bias axis 0", "output.weight axis 1"),
            List.of("output.weight axis 0", "output.bias axis 0"));
    assertThat(groups.get(2).members().get(2).indices(3))
        .containsExactlyElementsOf(IntStream.range(48, 64).boxed().toList());
  }

  @Test
  void groups_ofAnMlp_beginWithTheExampleThatItFlattens() {
    Group example = groups(new ModelConfig.LeNet300100()).get(0);

    assertThat(example.channels()).isEqualTo(1);
    assertThat(members(example)).containsExactly("fc1.weight axis 1 ×784");
    assertThat(example.obstacle()).contains(PruningConstraint.NETWORK_INPUT);
  }

  @Test
  void groups_ofResNet8_areOnePerStageAndOnePerBlock() {
    List<Group> groups = groups(new ModelConfig.ResNet(8, 16));

    assertThat(groups).extracting(Group::channels).containsExactly(3, 16, 16, 32, 32, 64, 64, 10);
    assertThat(members(groups.get(1)))
        .filteredOn(member -> member.contains("weight"))
        .containsExactly(
            "stem.conv.weight axis 0",
            "stage1.block1.conv1.weight axis 1",
            "stage1.block1.conv2.weight axis 0",
            "stage2.block1.conv1.weight axis 1",
            "stage2.block1.shortcut.conv.weight axis 1");
    assertThat(members(groups.get(3)))
        .containsExactly(
            "stage2.block1.conv1.weight axis 0",
            "stage2.block1.norm1.scale axis 0",
            "stage2.block1.norm1.shift axis 0",
            "stage2.block1.norm1.mean axis 0",
            "stage2.block1.norm1.variance axis 0",
            "stage2.block1.conv2.weight axis 1");
  }

  @Test
  void groups_ofMobileNet_joinADepthwiseConvolutionWithItsInput() {
    NetworkGroups groups = NetworkGroups.of(network(new ModelConfig.MobileNet(16)));
    Group stem = groups.groups().all().get(1);

    assertThat(members(stem))
        .filteredOn(member -> member.contains("weight"))
        .containsExactly(
            "stem.conv.weight axis 0",
            "block1.depthwise.conv.weight axis 0",
            "block1.pointwise.conv.weight axis 1");
    assertThat(groups.weights().ofChannel(stem)).isEqualTo(9 + 9 + 32);
    assertThat(groups.values().ofChannel(stem)).isEqualTo(9 + 4 + 9 + 4 + 32);
    assertThat(groups.macs().ofChannel(stem)).isEqualTo((9 + 9 + 32) * 28 * 28);
  }

  @Test
  void cut_ofAMobileNet_leavesItsDepthwiseConvolutionsDepthwise() {
    NetworkGroups groups = NetworkGroups.of(network(new ModelConfig.MobileNet(16)));
    List<Mask> kept = new ArrayList<>(groups.groups().allKept());
    kept.set(1, Mask.of(16, channel -> channel == 3 || channel == 15));

    CutNetwork cut = groups.cut(kept);

    GraphNode depthwise =
        cut.network().nodes().stream()
            .filter(node -> node.name().equals("block1.depthwise.conv"))
            .findFirst()
            .orElseThrow();
    assertThat(depthwise.layer()).isEqualTo(new Convolution(2, 3, 1, 1, 2, false));
    assertThat(cut.layout().surviving(new ParameterId("block1.depthwise.conv.weight"), 0))
        .isEqualTo(kept.get(1));
    assertThat(NetworkGroups.of(cut.network()).groups().all().get(1).channels()).isEqualTo(2);
  }

  @Test
  void cut_ofAGroupedConvolution_keepsItsGroups() {
    Network network =
        Network.of(
            COLOUR_32,
            List.of(
                new GraphNode("a", new Convolution(6, 3, 1, 1, 1, true), List.of("input")),
                new GraphNode("b", new Convolution(9, 3, 1, 1, 3, true), List.of("a")),
                new GraphNode("pool", new GlobalAveragePool(), List.of("b")),
                new GraphNode("output", new Linear(10, true), List.of("pool"))));
    NetworkGroups groups = NetworkGroups.of(network);
    assertThat(groups.groups().all())
        .extracting(NetworkGroupsTest::members)
        .contains(
            List.of("a.weight axis 0 ×3", "a.bias axis 0 ×3", "b.weight axis 1"),
            List.of("b.weight axis 0 ×3", "b.bias axis 0 ×3", "output.weight axis 1 ×3"));
    List<Mask> kept = new ArrayList<>(groups.groups().allKept());
    kept.set(1, Mask.of(2, channel -> channel == 1));
    kept.set(2, Mask.of(3, channel -> channel != 1));

    CutNetwork cut = groups.cut(kept);

    assertThat(cut.network().nodes().get(1).layer())
        .isEqualTo(new Convolution(6, 3, 1, 1, 3, true));
    assertThat(cut.layout().surviving(new ParameterId("a.weight"), 0))
        .isEqualTo(Mask.of(6, index -> index % 2 == 1));
    assertThat(cut.layout().surviving(new ParameterId("output.weight"), 1))
        .isEqualTo(Mask.of(9, index -> index % 3 != 1));
  }

  /** A group norm of 4 groups behind a, one of a single group behind b. */
  private static Network groupNorms() {
    return Network.of(
        COLOUR_32,
        List.of(
            new GraphNode("a", new Convolution(8, 3, 1, 1, 1, false), List.of("input")),
            new GraphNode("apart", new GroupNorm(4, 0.5f), List.of("a")),
            new GraphNode("b", new Convolution(6, 3, 1, 1, 1, true), List.of("apart")),
            new GraphNode("whole", new GroupNorm(1, Layer.EPSILON), List.of("b")),
            new GraphNode("pool", new GlobalAveragePool(), List.of("whole")),
            new GraphNode("output", new Linear(10, true), List.of("pool"))));
  }

  @Test
  void groups_ofGroupNorms_areTheirBlocks_andASingleBlockMayNotGo() {
    List<Group> groups = NetworkGroups.of(groupNorms()).groups().all();

    assertThat(groups).extracting(Group::channels).containsExactly(3, 4, 1, 10);
    assertThat(members(groups.get(1)))
        .containsExactly(
            "a.weight axis 0 ×2",
            "apart.scale axis 0 ×2",
            "apart.shift axis 0 ×2",
            "b.weight axis 1 ×2");
    assertThat(groups)
        .extracting(Group::obstacle)
        .containsExactly(
            Optional.of(PruningConstraint.NETWORK_INPUT),
            Optional.empty(),
            Optional.of(PruningConstraint.NORMALISED_TOGETHER),
            Optional.of(PruningConstraint.NETWORK_OUTPUT));
  }

  @Test
  void cut_ofAGroupNorm_keepsTheSizeOfItsGroups() {
    NetworkGroups groups = NetworkGroups.of(groupNorms());
    List<Mask> kept = new ArrayList<>(groups.groups().allKept());
    kept.set(1, Mask.of(4, block -> block != 1));

    CutNetwork cut = groups.cut(kept);

    assertThat(cut.network().nodes())
        .extracting(GraphNode::layer)
        .contains(
            new Convolution(6, 3, 1, 1, 1, false),
            new GroupNorm(3, 0.5f),
            new GroupNorm(1, Layer.EPSILON));
    assertThat(cut.layout().surviving(new ParameterId("apart.scale"), 0))
        .isEqualTo(Mask.of(8, channel -> channel / 2 != 1));
    assertThat(NetworkGroups.of(cut.network()).groups().all().get(1).channels()).isEqualTo(3);
  }

  @Test
  void cut_toHalfWidths_leavesAQuarterOfTheInnerWeights() {
    NetworkGroups groups = NetworkGroups.of(network(new ModelConfig.ResNet(8, 16)));
    List<Mask> kept =
        groups.groups().all().stream()
            .map(g -> Mask.of(g.channels(), c -> !g.isPrunable() || c % 2 == 0))
            .toList();

    CutNetwork cut = groups.cut(kept);

    assertThat(cut.network().parameters())
        .isEqualTo(network(new ModelConfig.ResNet(8, 8)).parameters());
  }

  @Test
  void budget_ofHalfTheMacs_isKeptByTheCutNetwork() {
    Network network = network(new ModelConfig.ResNet(8, 16));
    NetworkGroups groups = NetworkGroups.of(network);
    List<ParameterSpec> weights =
        network.parameters().stream()
            .filter(spec -> spec.role() == ParameterSpec.Role.WEIGHT)
            .toList();
    long target = network.macs() / 2;

    List<Mask> kept =
        ChannelUpdater.of(HALF_THE_MACS, 1, groups.groups(), groups.macs())
            .choose(
                Layout.dense(network.parameters().stream().map(ParameterSpec::shape).toList()),
                ScoredParameter.all(
                    weights.stream().map(ParameterSpec::shape).toList(),
                    weights.stream()
                        .map(spec -> HE.values(spec, spec.id().name().hashCode()))
                        .toList(),
                    weights.stream().map(spec -> Mask.allKept(spec.shape().size())).toList(),
                    1,
                    Statistics.none()),
                groups.groups().allKept(),
                groups.groups().allKept(),
                0.5)
            .kept();

    long macs = groups.cut(kept).network().macs();
    assertThat(macs).isBetween(target * 3 / 4, target);
    assertThat(kept.subList(1, kept.size() - 1))
        .allSatisfy(mask -> assertThat(mask.kept() % 4).isZero())
        .allSatisfy(mask -> assertThat(mask.kept()).isGreaterThanOrEqualTo(mask.size() / 4));
  }

  @Test
  void groups_ofAWidthOfOne_mayNotGo() {
    assertThat(groups(new ModelConfig.Mlp(List.of(1))))
        .extracting(Group::obstacle)
        .containsExactly(
            Optional.of(PruningConstraint.NETWORK_INPUT),
            Optional.of(PruningConstraint.ONLY_CHANNEL),
            Optional.of(PruningConstraint.NETWORK_OUTPUT));
  }

  @Test
  void groups_acrossAShuffle_areTiedByTheConvolutionsOnBothSides() {
    Network network =
        Network.of(
            COLOUR_32,
            List.of(
                new GraphNode("stem", new Convolution(6, 1, 1, 0, 1, false), List.of("input")),
                new GraphNode("a", new Convolution(8, 1, 1, 0, 2, true), List.of("stem")),
                new GraphNode("shuffle", new ChannelShuffle(2), List.of("a")),
                new GraphNode("deep", new Convolution(8, 3, 1, 1, 8, false), List.of("shuffle")),
                new GraphNode("b", new Convolution(4, 1, 1, 0, 2, false), List.of("deep")),
                new GraphNode("pool", new GlobalAveragePool(), List.of("b")),
                new GraphNode("output", new Linear(10, true), List.of("pool"))));

    Group tied = NetworkGroups.of(network).groups().all().get(2);

    // Of blocks of 4, place j of both goes to 2j and 2j + 1, which the blocks behind tie mod 4
    assertThat(tied.channels()).isEqualTo(2);
    assertThat(tied.isPrunable()).isTrue();
    assertThat(members(tied))
        .containsExactly(
            "a.weight axis 0 ×4",
            "a.bias axis 0 ×4",
            "deep.weight axis 0 ×4",
            "b.weight axis 1 ×2");
    assertThat(tied.members().get(0).indices(0)).containsExactly(0, 2, 4, 6);
    assertThat(tied.members().get(2).indices(0)).containsExactly(0, 1, 4, 5);
    assertThat(tied.members().get(3).indices(0)).containsExactly(0, 1);
  }

  @Test
  void groups_beforeALocalResponseNorm_stayWhole_andThoseBehindItDoNot() {
    Network network =
        Network.of(
            COLOUR_32,
            List.of(
                new GraphNode("a", new Convolution(6, 3, 1, 1, 1, true), List.of("input")),
                new GraphNode("norm", new LocalResponseNorm(5, 1e-4f, 0.75f, 1), List.of("a")),
                new GraphNode("b", new Convolution(4, 3, 1, 1, 1, true), List.of("norm")),
                new GraphNode("pool", new GlobalAveragePool(), List.of("b")),
                new GraphNode("output", new Linear(10, true), List.of("pool"))));

    assertThat(NetworkGroups.of(network).groups().all())
        .extracting(Group::obstacle)
        .containsExactly(
            Optional.of(PruningConstraint.NETWORK_INPUT),
            Optional.of(PruningConstraint.NORMALISED_TOGETHER),
            Optional.empty(),
            Optional.of(PruningConstraint.NETWORK_OUTPUT));
  }

  /** What the properties say of random networks, they say of every layer. */
  @Test
  void randomNetworks_haveEveryLayer_joinedAndGrouped() {
    Set<Class<?>> layers = new HashSet<>();
    int grouped = 0;
    int depthwise = 0;
    int shrinking = 0;
    int blocks = 0;
    int together = 0;
    for (long seed = 0; seed < 350; seed++) {
      Network network = RandomLayers.network(seed);
      List<Group> groups = NetworkGroups.of(network).groups().all();
      shrinking += groups.stream().anyMatch(Group::isPrunable) ? 1 : 0;
      together += hasObstacle(groups, PruningConstraint.NORMALISED_TOGETHER) ? 1 : 0;
      Set<ParameterId> shrunk = new HashSet<>();
      groups.stream()
          .filter(Group::isPrunable)
          .forEach(group -> group.members().forEach(each -> shrunk.add(each.parameter())));
      for (GraphNode node : network.nodes()) {
        layers.add(node.layer().getClass());
        if (node.layer() instanceof Convolution convolution && convolution.groups() > 1) {
          boolean all = convolution.groups() == network.shapeOf(node.inputs().get(0)).channels();
          depthwise += all ? 1 : 0;
          grouped += all ? 0 : 1;
        } else if (node.layer() instanceof GroupNorm norm) {
          boolean several = norm.groups() < network.shapeOf(node.name()).channels();
          blocks += several && shrunk.contains(network.parametersOf(node).get(0).id()) ? 1 : 0;
        }
      }
    }

    assertThat(layers).containsExactlyInAnyOrderElementsOf(RecipeLayers.storedOfImages());
    assertThat(grouped).isGreaterThan(30);
    assertThat(depthwise).isGreaterThan(30);
    assertThat(shrinking).isGreaterThan(200);
    assertThat(blocks).isGreaterThan(20);
    assertThat(together).isGreaterThan(20);
  }

  private static boolean hasObstacle(List<Group> groups, PruningConstraint obstacle) {
    return groups.stream().anyMatch(group -> group.obstacle().equals(Optional.of(obstacle)));
  }
}
