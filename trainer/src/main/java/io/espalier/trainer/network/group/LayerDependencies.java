package io.espalier.trainer.network.group;

import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.structure.DependencyGraph;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.masks.structure.Groups;
import io.espalier.masks.structure.PruningConstraint;
import io.espalier.trainer.network.GraphNode;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.TensorShape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Tells a {@link DependencyGraph} what each layer does with channels; used once. */
final class LayerDependencies {
  private final Network network;
  private final Set<ParameterId> excluded;
  private final DependencyGraph wiring = new DependencyGraph();
  private final Map<String, ChannelPort> ports = new HashMap<>();

  LayerDependencies(Network network, Set<ParameterId> excluded) {
    this.network = network;
    this.excluded = excluded;
  }

  Groups groups() {
    ChannelPort example = wiring.channels(network.input().channels());
    wiring.forbid(example, PruningConstraint.NETWORK_INPUT);
    ports.put(Network.INPUT, example);
    ChannelPort last = example;
    for (GraphNode node : network.nodes()) {
      last = outputOf(node);
      ports.put(node.name(), last);
    }
    wiring.forbid(last, PruningConstraint.NETWORK_OUTPUT);
    return wiring.groups();
  }

  private ChannelPort outputOf(GraphNode node) {
    List<ChannelPort> inputs =
        node.inputs().stream().map(name -> Objects.requireNonNull(ports.get(name))).toList();
    Layer layer = node.layer();
    if (layer instanceof Layer.Convolution convolution) {
      return convolved(node, convolution, inputs.get(0));
    } else if (layer instanceof Layer.Linear linear) {
      return connected(node, wiring.channels(linear.outputs()), inputs.get(0));
    } else if (layer instanceof Layer.BatchNorm || layer instanceof Layer.ChannelAffine) {
      network.parametersOf(node).forEach(each -> wiring.index(each.shape(), 0, inputs.get(0)));
      return inputs.get(0);
    } else if (layer instanceof Layer.GroupNorm norm) {
      network.parametersOf(node).forEach(each -> wiring.index(each.shape(), 0, inputs.get(0)));
      wiring.unitedBlocks(inputs.get(0), norm.groups());
      return inputs.get(0);
    } else if (layer instanceof Layer.Flatten) {
      TensorShape input = network.extent(node.inputs().get(0));
      return wiring.repeated(inputs.get(0), input.size() / input.channels());
    } else if (layer instanceof Layer.Add || layer instanceof Layer.Multiply) {
      inputs.forEach(each -> wiring.tie(inputs.get(0), each));
      return inputs.get(0);
    } else if (layer instanceof Layer.Concat) {
      return wiring.joined(inputs);
    }
    return unchanged(layer, inputs.get(0));
  }

  private static ChannelPort unchanged(Layer layer, ChannelPort input) {
    if (layer instanceof Layer.Activation
        || layer instanceof Layer.LeakyRelu
        || layer instanceof Layer.Clip
        || layer instanceof Layer.Affine
        || layer instanceof Layer.Pad
        || layer instanceof Layer.MaxPool
        || layer instanceof Layer.AveragePool
        || layer instanceof Layer.GlobalAveragePool) {
      return input;
    }
    throw new IllegalArgumentException("a layer must have its rule: layer=" + layer);
  }

  private ChannelPort convolved(GraphNode node, Layer.Convolution layer, ChannelPort input) {
    int groups = layer.groups();
    if (groups == 1) {
      return connected(node, wiring.channels(layer.outputs()), input);
    }
    if (groups == input.size()) {
      ChannelPort outputs = wiring.repeated(input, layer.outputs() / groups);
      network.parametersOf(node).forEach(each -> wiring.index(each.shape(), 0, outputs));
      protectIfExcluded(network.parametersOf(node).get(0).shape(), outputs);
      return outputs;
    }
    ChannelPort outputs = wiring.channels(layer.outputs());
    wiring.tiedParts(outputs, groups);
    return connected(node, outputs, wiring.tiedParts(input, groups));
  }

  /** A weight {@code [outputs, inputs, …]} and perhaps a bias {@code [outputs]}. */
  private ChannelPort connected(GraphNode node, ChannelPort outputs, ChannelPort inputs) {
    List<ParameterSpec> parameters = network.parametersOf(node);
    ParameterShape weight = parameters.get(0).shape();
    wiring.index(weight, 0, outputs);
    wiring.index(weight, 1, inputs);
    parameters.stream().skip(1).forEach(each -> wiring.index(each.shape(), 0, outputs));
    protectIfExcluded(weight, outputs);
    return outputs;
  }

  private void protectIfExcluded(ParameterShape weight, ChannelPort outputs) {
    if (excluded.contains(weight.id())) {
      wiring.forbid(outputs, PruningConstraint.EXCLUDED);
    }
  }
}
