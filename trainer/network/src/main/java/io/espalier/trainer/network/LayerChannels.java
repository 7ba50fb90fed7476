package io.espalier.trainer.network;

import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.structure.DependencyGraph;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.masks.structure.PruningConstraint;
import java.util.List;
import java.util.Set;

/**
 * One layer in a {@link DependencyGraph}; excluded weights keep all of their outputs.
 *
 * @param zeros whether pruned channels of its inputs are 0
 */
public record LayerChannels(
    DependencyGraph graph,
    List<ChannelPort> inputs,
    TensorShape shape,
    List<ParameterSpec> parameters,
    Set<ParameterId> excluded,
    boolean zeros) {
  public ChannelPort input() {
    return inputs.get(0);
  }

  /** Gives each parameter one index along its first axis per channel; returns the channels. */
  public ChannelPort perChannel(ChannelPort port) {
    parameters.forEach(each -> graph.index(each.shape(), 0, port));
    return port;
  }

  /** Connects outputs and inputs by a weight {@code [outputs, inputs, …]}; returns the outputs. */
  public ChannelPort connected(ChannelPort outputs, ChannelPort inputs) {
    ParameterShape weight = parameters.get(0).shape();
    graph.index(weight, 0, outputs);
    graph.index(weight, 1, inputs);
    parameters.stream().skip(1).forEach(each -> graph.index(each.shape(), 0, outputs));
    return kept(outputs);
  }

  public ChannelPort kept(ChannelPort outputs) {
    if (excluded.contains(parameters.get(0).id())) {
      graph.forbid(outputs, PruningConstraint.EXCLUDED);
    }
    return outputs;
  }
}
