package io.espalier.trainer.latency;

import io.espalier.trainer.network.GraphNode;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Network;
import java.util.List;

/**
 * A layer with weights or a norm, and what comes to it in a training step.
 *
 * @param layer a convolution, a linear layer, a batch norm or a group norm
 * @param input of one example; a vector is an image of features×1×1
 * @param vector whether the layer reads a vector
 * @param first whether it reads the examples, so that no gradient goes back from it
 * @param batch examples of a step
 */
record TimedLayer(Layer layer, ImageShape input, boolean vector, boolean first, int batch) {
  private static final String NODE = "layer";

  /** Its name in a table: all that its time depends on. */
  String key() {
    return "%s on %s%s, batch %d%s"
        .formatted(layer, input, vector ? " as a vector" : "", batch, first ? ", first" : "");
  }

  int inputs() {
    return input.channels();
  }

  int outputs() {
    if (layer instanceof Layer.Convolution convolution) {
      return convolution.outputs();
    }
    return layer instanceof Layer.Linear linear ? linear.outputs() : inputs();
  }

  /** Whether its inputs follow from its outputs, as those of norms and depth-wise convolutions. */
  boolean couples() {
    return layer instanceof Layer.BatchNorm || layer instanceof Layer.GroupNorm || depthwise();
  }

  private boolean depthwise() {
    return layer instanceof Layer.Convolution convolution
        && convolution.groups() > 1
        && convolution.groups() == inputs();
  }

  /** Channels that come and go together, on its side of outputs: of a group norm a group. */
  int outputUnit() {
    if (layer instanceof Layer.Convolution convolution) {
      return depthwise() ? convolution.outputs() / convolution.groups() : convolution.groups();
    }
    return layer instanceof Layer.GroupNorm norm ? inputs() / norm.groups() : 1;
  }

  /** The same on its side of inputs: a convolution in groups loses a channel of each. */
  int inputUnit() {
    return layer instanceof Layer.Convolution convolution && !depthwise()
        ? convolution.groups()
        : 1;
  }

  /** The same layer with other widths; where it couples them, inputs follow from outputs. */
  TimedLayer narrowed(int inputs, int outputs) {
    int read = couples() ? outputs / (outputs() / inputs()) : inputs;
    ImageShape shape = new ImageShape(read, input.height(), input.width());
    return new TimedLayer(withOutputs(read, outputs), shape, vector, first, batch);
  }

  private Layer withOutputs(int inputs, int outputs) {
    if (layer instanceof Layer.Convolution convolution) {
      return new Layer.Convolution(
          outputs,
          convolution.kernel(),
          convolution.stride(),
          convolution.padding(),
          depthwise() ? inputs : convolution.groups(),
          convolution.bias());
    }
    if (layer instanceof Layer.GroupNorm norm) {
      return new Layer.GroupNorm(outputs / outputUnit(), norm.epsilon());
    }
    return layer instanceof Layer.Linear linear ? new Layer.Linear(outputs, linear.bias()) : layer;
  }

  /** The network of this layer alone. */
  Network network() {
    return vector
        ? Network.of(
            input,
            List.of(
                new GraphNode("vector", new Layer.Flatten(), List.of(Network.INPUT)),
                new GraphNode(NODE, layer, List.of("vector"))))
        : Network.of(input, List.of(new GraphNode(NODE, layer, List.of(Network.INPUT))));
  }
}
