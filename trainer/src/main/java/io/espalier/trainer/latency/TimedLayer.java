package io.espalier.trainer.latency;

import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Layer.ChannelUse;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.TensorShape;
import java.util.List;

/**
 * A layer that has a {@link ChannelUse}, and its input in a training step.
 *
 * @param input of one example; a vector is an image of features×1×1
 * @param first whether the layer reads the examples, so that no gradient goes back from it
 */
record TimedLayer(Layer layer, ImageShape input, boolean vector, boolean first, int batch) {
  private static final String NODE = "layer";

  String key() {
    return "%s on %s%s, batch %d%s"
        .formatted(layer, input, vector ? " as a vector" : "", batch, first ? ", first" : "");
  }

  int inputs() {
    return input.channels();
  }

  int outputs() {
    List<Integer> shape =
        vector ? List.of(inputs()) : List.of(inputs(), input.height(), input.width());
    return layer.outputOf(List.of(new TensorShape(shape))).channels();
  }

  /** Whether its inputs follow from its outputs, as those of norms and depth-wise convolutions. */
  boolean couples() {
    return !use().mixes();
  }

  ChannelUse use() {
    return layer.use(inputs()).orElseThrow();
  }

  /** The same layer with other widths; where it couples them, inputs follow from outputs. */
  TimedLayer narrowed(int inputs, int outputs) {
    int read = couples() ? outputs / (outputs() / inputs()) : inputs;
    ImageShape shape = new ImageShape(read, input.height(), input.width());
    return new TimedLayer(layer.narrowed(inputs(), outputs), shape, vector, first, batch);
  }

  Network network() {
    String from = vector ? "vector" : Network.INPUT;
    GraphNode node = new GraphNode(NODE, layer, List.of(from));
    GraphNode flatten = new GraphNode("vector", Layer.flatten(), List.of(Network.INPUT));
    return Network.of(input, vector ? List.of(flatten, node) : List.of(node));
  }
}
