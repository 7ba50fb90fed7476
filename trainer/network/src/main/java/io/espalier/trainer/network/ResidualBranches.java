package io.espalier.trainer.network;

import io.espalier.configs.GranularityConfig.Channel.Scope;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.structure.Groups;
import io.espalier.masks.structure.Groups.Unit;
import io.espalier.masks.structure.PruningConstraint;
import io.espalier.trainer.network.Network.GraphNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The layers of a network that a residual goes around, in graph order: what they give is added to
 * what they read, which is not the example itself, and is 0 where their weights are. Without them
 * the residual goes on as it is (He, Zhang, Ren and Sun, "Deep Residual Learning for Image
 * Recognition", 2016). Of branches within branches the inner ones count.
 */
final class ResidualBranches {
  private final Network network;
  private final Map<String, GraphNode> nodes = new HashMap<>();
  private final Map<String, Set<String>> readers = new HashMap<>();

  /**
   * Layers between two places of a residual.
   *
   * @param residual the node that they read
   * @param sum the node that adds what they give
   * @param layers in graph order
   */
  record Branch(String residual, String sum, List<GraphNode> layers) {
    boolean attends() {
      return layers.stream().anyMatch(node -> node.layer() instanceof Attention);
    }
  }

  private ResidualBranches(Network network) {
    this.network = network;
    for (GraphNode node : network.nodes()) {
      nodes.put(node.name(), node);
      node.inputs()
          .forEach(from -> readers.computeIfAbsent(from, name -> new HashSet<>()).add(node.name()));
    }
  }

  /** The units of a scope, each with its branches, which follow on one another. */
  static List<List<Branch>> of(Network network, Scope scope) {
    List<Branch> all = new ResidualBranches(network).all();
    return scope == Scope.BLOCKS ? blocks(all) : all.stream().map(List::of).toList();
  }

  private static List<List<Branch>> blocks(List<Branch> all) {
    List<List<Branch>> blocks = new ArrayList<>();
    for (Branch branch : all) {
      List<Branch> last = blocks.isEmpty() ? List.of() : blocks.get(blocks.size() - 1);
      if (branch.attends()) {
        blocks.add(new ArrayList<>(List.of(branch)));
      } else if (!last.isEmpty() && last.get(last.size() - 1).sum().equals(branch.residual())) {
        last.add(branch);
      }
    }
    return blocks;
  }

  /** Groups of these units; one that has an excluded weight stays. */
  static Groups groups(Network network, Scope scope, Set<ParameterId> excluded) {
    List<Unit> units = new ArrayList<>();
    for (List<Branch> unit : of(network, scope)) {
      List<ParameterShape> parameters =
          unit.stream()
              .flatMap(branch -> branch.layers().stream())
              .flatMap(node -> network.parametersOf(node).stream())
              .map(ParameterSpec::shape)
              .toList();
      boolean stays = parameters.stream().map(ParameterShape::id).anyMatch(excluded::contains);
      units.add(
          new Unit(parameters, stays ? Optional.of(PruningConstraint.EXCLUDED) : Optional.empty()));
    }
    return Groups.ofUnits(network.parameters().stream().map(ParameterSpec::shape).toList(), units);
  }

  private List<Branch> all() {
    List<Branch> found = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (GraphNode node : network.nodes()) {
      if (node.layer() instanceof Add && node.inputs().size() == 2) {
        around(node, 0, 1)
            .or(() -> around(node, 1, 0))
            .filter(branch -> branch.layers().stream().noneMatch(it -> taken.contains(it.name())))
            .ifPresent(
                branch -> {
                  found.add(branch);
                  branch.layers().forEach(it -> taken.add(it.name()));
                });
      }
    }
    return found;
  }

  private Optional<Branch> around(GraphNode sum, int residual, int branch) {
    String from = sum.inputs().get(residual);
    return Optional.of(from)
        .filter(name -> !name.equals(Network.INPUT))
        .flatMap(name -> between(name, sum.inputs().get(branch)))
        .filter(names -> isClosed(names, sum.name()))
        .map(names -> network.nodes().stream().filter(it -> names.contains(it.name())).toList())
        .filter(layers -> layers.stream().anyMatch(this::mixes) && prunesToZero(layers))
        .map(layers -> new Branch(from, sum.name(), layers));
  }

  /** The nodes on the ways from one to another, with the latter; empty if there is no way. */
  private Optional<Set<String>> between(String from, String last) {
    Set<String> behind = behind(from, last);
    Set<String> seen = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(last));
    while (!open.isEmpty()) {
      String name = open.pop();
      if (behind.contains(name) && seen.add(name)) {
        open.addAll(Objects.requireNonNull(nodes.get(name)).inputs());
      }
    }
    return seen.isEmpty() ? Optional.empty() : Optional.of(seen);
  }

  /** The nodes up to {@code last} that are computed from another one. */
  private Set<String> behind(String from, String last) {
    Set<String> behind = new HashSet<>();
    for (GraphNode node : network.nodes()) {
      if (node.inputs().stream().anyMatch(name -> name.equals(from) || behind.contains(name))) {
        behind.add(node.name());
      }
      if (node.name().equals(last)) {
        break;
      }
    }
    return behind;
  }

  private boolean isClosed(Set<String> names, String sum) {
    return names.stream()
        .flatMap(name -> readers.getOrDefault(name, Set.of()).stream())
        .allMatch(reader -> names.contains(reader) || reader.equals(sum));
  }

  private boolean mixes(GraphNode node) {
    return node.layer()
        .as(MixingLayer.class)
        .map(layer -> layer.mixing(network.shapeOf(node.inputs().get(0)).channels()))
        .filter(ChannelMixing::mixes)
        .isPresent();
  }

  private static boolean prunesToZero(List<GraphNode> layers) {
    Map<String, Boolean> zeros = new HashMap<>();
    boolean last = false;
    for (GraphNode node : layers) {
      last =
          node.layer()
              .prunesToZero(
                  node.inputs().stream().map(from -> zeros.getOrDefault(from, false)).toList());
      zeros.put(node.name(), last);
    }
    return last;
  }
}
