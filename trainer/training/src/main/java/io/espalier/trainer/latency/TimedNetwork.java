package io.espalier.trainer.latency;

import io.espalier.masks.ParameterId;
import io.espalier.masks.structure.Cost;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.GroupMember;
import io.espalier.trainer.network.MixingLayer;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.NetworkGroups;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** The layers that make up a network's latency: those with weights, and norms. */
final class TimedNetwork {
  private final NetworkGroups groups;
  private final Map<ParameterId, TimedLayer> layers = new LinkedHashMap<>();
  private final Set<Side> shrinking = new HashSet<>();

  private record Side(ParameterId parameter, int axis) {}

  record Grid(TimedLayer layer, List<Integer> inputs, List<Integer> outputs) {}

  TimedNetwork(NetworkGroups groups, int batch) {
    this.groups = groups;
    for (GraphNode node : groups.network().nodes()) {
      if (node.layer() instanceof MixingLayer) {
        ParameterId first = groups.network().parametersOf(node).get(0).id();
        layers.put(first, timed(groups.network(), node, batch));
      }
    }
    for (Group group : groups.groups().all()) {
      for (GroupMember member :
          group.isPrunable() && !group.mayVanish() ? group.members() : List.<GroupMember>of()) {
        shrinking.add(new Side(member.parameter(), member.axis()));
      }
    }
  }

  private static TimedLayer timed(Network network, GraphNode node, int batch) {
    String from = node.inputs().get(0);
    return new TimedLayer(node.layer(), network.shapeOf(from), from.equals(Network.INPUT), batch);
  }

  /** The needed measurements, each layer once; {@code points} as in {@link Profiler#profile}. */
  List<Grid> grids(int points) {
    Map<String, Grid> grids = new LinkedHashMap<>();
    layers.forEach(
        (id, layer) -> {
          boolean inputs = !layer.couples() && shrinking.contains(new Side(id, 1));
          boolean outputs = shrinking.contains(new Side(id, 0));
          Grid grid =
              new Grid(
                  layer,
                  widths(layer.inputs(), inputs, layer.mixing().inputUnit(), points),
                  widths(layer.outputs(), outputs, layer.mixing().outputUnit(), points));
          grids.merge(layer.key(), grid, TimedNetwork::wider);
        });
    return List.copyOf(grids.values());
  }

  private static Grid wider(Grid one, Grid other) {
    return new Grid(
        one.layer(),
        one.inputs().size() > other.inputs().size() ? one.inputs() : other.inputs(),
        one.outputs().size() > other.outputs().size() ? one.outputs() : other.outputs());
  }

  private static List<Integer> widths(int whole, boolean shrinks, int unit, int points) {
    if (!shrinks) {
      return List.of(whole);
    }
    int units = whole / unit;
    List<Integer> widths = new ArrayList<>(List.of(unit));
    for (int point = 1; point <= points; point++) {
      int width = unit * (int) Math.round((double) units * point / points);
      if (width > widths.get(widths.size() - 1)) {
        widths.add(width);
      }
    }
    return widths;
  }

  /** Latency in nanoseconds; {@code timesOf} returns the times of a layer by its key. */
  Cost cost(Function<String, LayerTimes> timesOf) {
    Map<ParameterId, LayerTimes> times = new LinkedHashMap<>();
    layers.forEach((id, layer) -> times.put(id, timesOf.apply(layer.key())));
    return Cost.ofLengths(
        groups.groups(), (id, lengths) -> times.containsKey(id) ? time(id, times, lengths) : 0);
  }

  private long time(ParameterId id, Map<ParameterId, LayerTimes> times, int[] lengths) {
    TimedLayer layer = Objects.requireNonNull(layers.get(id));
    int inputs = layer.couples() ? layer.inputs() : lengths[1] * layer.mixing().inputUnit();
    return Objects.requireNonNull(times.get(id)).at(inputs, lengths[0]);
  }
}
