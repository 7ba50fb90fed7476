package io.espalier.trainer.network.group;

import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.structure.Cost;
import io.espalier.masks.structure.Groups;
import io.espalier.trainer.network.GraphNode;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A network's channels, by those that can only go together, and the network without some of them.
 *
 * <p>A convolution in groups that is not depth-wise loses channels in the same place of each of its
 * groups, so that it has as many groups as before. A group norm loses whole groups, so that those
 * that stay have the mean and variance that they had.
 *
 * <p>Immutable and thread-safe.
 */
public final class NetworkGroups {
  private final Network network;
  private final Groups groups;
  private final Optional<Cost> budget;

  private NetworkGroups(Network network, Groups groups, Optional<Cost> budget) {
    this.network = network;
    this.groups = groups;
    this.budget = budget;
  }

  public static NetworkGroups of(Network network) {
    return of(network, Set.of());
  }

  /**
   * The groups of a network that a recipe excludes parameters of.
   *
   * @param excluded weights that keep all channels that they give; those that they read may go
   */
  public static NetworkGroups of(Network network, Set<ParameterId> excluded) {
    return new NetworkGroups(
        network, new LayerDependencies(network, excluded).groups(), Optional.empty());
  }

  /** The whole network. */
  public Network network() {
    return network;
  }

  public Groups groups() {
    return groups;
  }

  /** The same groups with another budget. */
  public NetworkGroups withBudget(Cost cost) {
    return new NetworkGroups(network, groups, Optional.of(cost));
  }

  /** What channels are pruned to have less of: multiply-accumulates, unless told otherwise. */
  public Cost budget() {
    return budget.orElseGet(this::macs);
  }

  /** Counts weights: neither biases nor what belongs to norms. */
  public Cost weights() {
    return Cost.of(groups, id -> spec(id).role() == Role.WEIGHT ? 1 : 0);
  }

  /** Counts the values of all parameters, running statistics included. */
  public Cost values() {
    return Cost.of(groups, id -> 1);
  }

  /** Counts multiply-accumulates per example, as {@link Network#macs} does. */
  public Cost macs() {
    return Cost.of(groups, id -> spec(id).usesPerExample());
  }

  /**
   * The network with only some of its channels. Its output is that of the whole network whenever
   * all values of the other channels are 0 there, but for the statistics of norms, which may be
   * anything.
   *
   * @param kept for each group the channels that stay: one at least, all where the group has an
   *     obstacle
   */
  public CutNetwork cut(List<Mask> kept) {
    Layout dense = Layout.dense(network.parameters().stream().map(ParameterSpec::shape).toList());
    Layout layout = groups.cut(dense, kept);
    List<GraphNode> nodes =
        network.nodes().stream()
            .map(node -> new GraphNode(node.name(), narrowed(node, layout), node.inputs()))
            .toList();
    return new CutNetwork(Network.of(network.input(), nodes), layout);
  }

  private Layer narrowed(GraphNode node, Layout layout) {
    if (node.layer() instanceof Layer.Linear linear) {
      return new Layer.Linear(outputs(node, layout), linear.bias());
    } else if (node.layer() instanceof Layer.Convolution convolution) {
      int outputs = outputs(node, layout);
      int groups = convolution.groups();
      boolean depthwise = groups > 1 && groups == network.extent(node.inputs().get(0)).channels();
      return new Layer.Convolution(
          outputs,
          convolution.kernel(),
          convolution.stride(),
          convolution.padding(),
          depthwise ? outputs / (convolution.outputs() / groups) : groups,
          convolution.bias());
    } else if (node.layer() instanceof Layer.GroupNorm norm) {
      int block = network.extent(node.name()).channels() / norm.groups();
      return new Layer.GroupNorm(outputs(node, layout) / block, norm.epsilon());
    }
    return node.layer();
  }

  private int outputs(GraphNode node, Layout layout) {
    ParameterId weight = network.parametersOf(node).get(0).id();
    return layout.surviving(weight, 0).kept();
  }

  private ParameterSpec spec(ParameterId id) {
    return network.parameter(id).orElseThrow();
  }
}
