package io.espalier.trainer.network;

import io.espalier.configs.GranularityConfig.Channel.Scope;
import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.structure.Cost;
import io.espalier.masks.structure.DependencyGraph;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.masks.structure.Groups;
import io.espalier.masks.structure.PruningConstraint;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A network's channels in groups that can only be cut together, and the network after a cut. Heads
 * of attention go as a whole, with the queries that share their keys. Norms of sequences take means
 * over all features, so these can go where pruned ones are 0 in front of each norm. Grouped
 * convolutions lose the same channels of each group; group norms lose whole groups, so that the
 * others keep mean and variance. Where whole layers are pruned, a channel is all that a residual
 * goes around. Immutable and thread-safe.
 */
public final class NetworkGroups {
  private final Network network;
  private final Groups groups;
  private final Optional<Cost> budget;

  /**
   * A smaller network, and which indices of the whole network's parameters it has; see {@link
   * io.espalier.masks.structure.AxisSlices}.
   */
  public record CutNetwork(Network network, Layout layout) {
    public CutNetwork {
      List<ParameterShape> shapes = shapes(network);
      if (!shapes.equals(layout.shapes())) {
        throw new IllegalArgumentException(
            "a cut network must have the shapes of its layout: network=%s, layout=%s"
                .formatted(shapes, layout.shapes()));
      }
    }
  }

  /** A norm right behind a layer that reads channels: that layer's weight, the norm's scale. */
  public record ScaledNorm(ParameterId reader, ParameterId scale) {
    /**
     * The scaled norms of a network in graph order; a depth-wise layer does not count as a reader.
     */
    public static List<ScaledNorm> of(Network network) {
      Map<String, ParameterId> readers = new HashMap<>();
      List<ScaledNorm> norms = new ArrayList<>();
      for (GraphNode node : network.nodes()) {
        String from = node.inputs().get(0);
        if (node.layer()
            .as(MixingLayer.class)
            .map(layer -> layer.mixing(network.shapeOf(from).channels()))
            .filter(ChannelMixing::mixes)
            .isPresent()) {
          readers.put(node.name(), first(node, network));
        } else if (node.layer() instanceof NormLayer && readers.containsKey(from)) {
          norms.add(
              new ScaledNorm(Objects.requireNonNull(readers.get(from)), first(node, network)));
        }
      }
      return norms;
    }
  }

  /**
   * The channels that a recipe prunes.
   *
   * @param excluded weights that keep all outputs
   * @param hides whether pruned channels live on, unseen by the weights that read them
   */
  public record Pruning(Set<ParameterId> excluded, Scope scope, boolean hides) {
    public Pruning {
      excluded = Set.copyOf(excluded);
    }
  }

  private NetworkGroups(Network network, Groups groups, Optional<Cost> budget) {
    this.network = network;
    this.groups = groups;
    this.budget = budget;
  }

  public static NetworkGroups of(Network network) {
    return of(network, Set.of());
  }

  /** A network's groups; {@code excluded} weights keep all outputs, but may lose inputs. */
  public static NetworkGroups of(Network network, Set<ParameterId> excluded) {
    return of(network, new Pruning(excluded, Scope.ALL, false));
  }

  public static NetworkGroups of(Network network, Pruning pruning) {
    Groups groups =
        pruning.scope().ofLayers()
            ? ResidualBranches.groups(network, pruning.scope(), pruning.excluded())
            : groupsOfChannels(network, pruning);
    return new NetworkGroups(network, groups, Optional.empty());
  }

  private static Groups groupsOfChannels(Network network, Pruning pruning) {
    DependencyGraph graph = new DependencyGraph();
    Map<String, ChannelPort> ports = new HashMap<>();
    Map<String, Boolean> zeros = new HashMap<>(Map.of(Network.INPUT, !pruning.hides()));
    ChannelPort last = graph.channels(network.input().channels());
    graph.forbid(last, PruningConstraint.NETWORK_INPUT);
    ports.put(Network.INPUT, last);
    for (GraphNode node : network.nodes()) {
      List<ChannelPort> inputs =
          node.inputs().stream().map(name -> Objects.requireNonNull(ports.get(name))).toList();
      TensorShape shape = network.shapeOf(node.inputs().get(0));
      List<Boolean> ofInputs =
          node.inputs().stream().map(name -> Objects.requireNonNull(zeros.get(name))).toList();
      last =
          node.layer()
              .channels(
                  new LayerChannels(
                      graph,
                      inputs,
                      shape,
                      network.parametersOf(node),
                      pruning.excluded(),
                      !ofInputs.contains(false)));
      ports.put(node.name(), last);
      zeros.put(node.name(), !pruning.hides() && node.layer().prunesToZero(ofInputs));
    }
    graph.forbid(last, PruningConstraint.NETWORK_OUTPUT);
    if (pruning.scope() == Scope.HEADS) {
      graph.forbidAllButHeads();
    }
    return graph.groups();
  }

  public Network network() {
    return network;
  }

  public Groups groups() {
    return groups;
  }

  public NetworkGroups withBudget(Cost cost) {
    return new NetworkGroups(network, groups, Optional.of(cost));
  }

  /** The cost that pruning reduces, by default multiply-accumulates. */
  public Cost budget() {
    return budget.orElseGet(this::macs);
  }

  /** Counts weights, without biases and the parameters of norms. */
  public Cost weights() {
    return Cost.of(groups, id -> spec(id).role() == Role.WEIGHT ? 1 : 0);
  }

  /** Counts the values of all parameters, running statistics included. */
  public Cost values() {
    return Cost.of(groups, id -> 1);
  }

  public Cost macs() {
    return Cost.of(groups, id -> spec(id).usesPerExample());
  }

  /**
   * The network with these channels. Its output is the whole network's if all other values are 0,
   * norm statistics excepted. Every group keeps one channel unless it may vanish, a constrained one
   * all.
   */
  public CutNetwork cut(List<Mask> kept) {
    Layout layout = groups.cut(Layout.dense(shapes(network)), kept);
    List<GraphNode> nodes =
        RemainingNodes.of(network, layout).stream()
            .map(node -> new GraphNode(node.name(), narrowed(node, layout), node.inputs()))
            .toList();
    return new CutNetwork(Network.of(network.input(), nodes), layout);
  }

  private Layer narrowed(GraphNode node, Layout layout) {
    return network.parametersOf(node).isEmpty()
        ? node.layer()
        : node.layer()
            .narrowed(
                network.shapeOf(node.inputs().get(0)).channels(),
                layout.surviving(first(node, network), 0).kept());
  }

  private static ParameterId first(GraphNode node, Network network) {
    return network.parametersOf(node).get(0).id();
  }

  private static List<ParameterShape> shapes(Network network) {
    return network.parameters().stream().map(ParameterSpec::shape).toList();
  }

  private ParameterSpec spec(ParameterId id) {
    return network.parameter(id).orElseThrow();
  }
}
