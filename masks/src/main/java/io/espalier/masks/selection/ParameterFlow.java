package io.espalier.masks.selection;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import java.util.Arrays;

/** One parameter's kept weights, and the channels that its outputs and inputs are. */
final class ParameterFlow {
  /** In place of a channel where an output or input is in none that counts. */
  static final int NONE = -1;

  private final boolean[] kept;
  private final int[] outputs;
  private final int[] inputs;
  private final int kernel;

  ParameterFlow(ParameterShape shape, Mask chosen) {
    kept = new boolean[shape.size()];
    chosen.forEachKept(weight -> kept[weight] = true);
    outputs = new int[shape.dimensions().get(0)];
    inputs = new int[shape.dimensions().get(1)];
    kernel = shape.size() / outputs.length / inputs.length;
    Arrays.fill(outputs, NONE);
    Arrays.fill(inputs, NONE);
  }

  /** Says which channel an index along axis 0 or 1 is. */
  void place(int axis, int index, int channel) {
    (axis == 0 ? outputs : inputs)[index] = channel;
  }

  int size() {
    return kept.length;
  }

  boolean isKept(int weight) {
    return kept[weight];
  }

  void keep(int weight, boolean stays) {
    kept[weight] = stays;
  }

  /** The channel that a weight gives. */
  int output(int weight) {
    return outputs[weight / (inputs.length * kernel)];
  }

  /** The channel that a weight reads. */
  int input(int weight) {
    return inputs[weight / kernel % inputs.length];
  }

  Mask mask() {
    return Mask.of(kept.length, weight -> kept[weight]);
  }
}
