package io.espalier.masks.structure;

import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import java.util.List;

/** Small networks by hand. */
public final class Chains {
  private Chains() {}

  public static ParameterShape shape(String name, Integer... dimensions) {
    return new ParameterShape(new ParameterId(name), List.of(dimensions));
  }

  /** Two linear layers: {@code first} [hidden, inputs], {@code second} [outputs, hidden]. */
  public static Groups linear(int inputs, int hidden, int outputs) {
    DependencyGraph wiring = new DependencyGraph();
    ChannelPort example = wiring.channels(inputs);
    ChannelPort between = connect(wiring, "first", example, hidden);
    ChannelPort answer = connect(wiring, "second", between, outputs);
    wiring.forbid(example, PruningConstraint.NETWORK_INPUT);
    wiring.forbid(answer, PruningConstraint.NETWORK_OUTPUT);
    return wiring.groups();
  }

  /** A weight [outputs, inputs]. */
  public static ChannelPort connect(
      DependencyGraph wiring, String name, ChannelPort input, int outputs) {
    ChannelPort output = wiring.channels(outputs);
    ParameterShape weight = shape(name, outputs, input.size());
    wiring.index(weight, 0, output);
    wiring.index(weight, 1, input);
    return output;
  }

  /** A scale [channels], as that of a norm. */
  public static void scale(DependencyGraph wiring, String name, ChannelPort port) {
    wiring.index(shape(name, port.size()), 0, port);
  }
}
