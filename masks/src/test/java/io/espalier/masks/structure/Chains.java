package io.espalier.masks.structure;

import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import java.util.List;

/** Small networks by hand. */
public final class Chains {
  private Chains() {}

  public static ParameterShape shape(String name, Integer... dimensions) {
    return new ParameterShape(new ParameterId(name), List.of(dimensions));
  }

  /** Two linear layers: {@code first} [hidden, inputs], {@code second} [outputs, hidden]. */
  public static Groups linear(int inputs, int hidden, int outputs) {
    Wiring wiring = new Wiring();
    Port example = wiring.channels(inputs);
    Port between = connect(wiring, "first", example, hidden);
    Port answer = connect(wiring, "second", between, outputs);
    wiring.forbid(example, Obstacle.NETWORK_INPUT);
    wiring.forbid(answer, Obstacle.NETWORK_OUTPUT);
    return wiring.groups();
  }

  /** A weight [outputs, inputs]. */
  public static Port connect(Wiring wiring, String name, Port input, int outputs) {
    Port output = wiring.channels(outputs);
    ParameterShape weight = shape(name, outputs, input.size());
    wiring.index(weight, 0, output);
    wiring.index(weight, 1, input);
    return output;
  }

  /** A scale [channels], as that of a norm. */
  public static void scale(Wiring wiring, String name, Port port) {
    wiring.index(shape(name, port.size()), 0, port);
  }
}
