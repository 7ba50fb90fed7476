package io.espalier.trainer.latency;

import io.espalier.trainer.network.ChannelMixing;
import io.espalier.trainer.network.Flatten;
import io.espalier.trainer.network.FlattenPositions;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.MixingLayer;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.TensorShape;
import java.util.ArrayList;
import java.util.List;

/**
 * A layer that has a {@link ChannelMixing}, and its input in a training step.
 *
 * @param input of one example
 * @param first whether the layer reads the examples, so that no gradient goes back from it
 */
public record TimedLayer(Layer layer, TensorShape input, boolean first, int batch) {
  private static final String NODE = "layer";

  String key() {
    String form = input.isVector() ? " as a vector" : input.isSequence() ? " as a sequence" : "";
    return "%s on %s%s, batch %d%s".formatted(layer, image(), form, batch, first ? ", first" : "");
  }

  /** The input as an image: a vector's features and a sequence's positions are in one row. */
  public ImageShape image() {
    List<Integer> sides = input.dimensions();
    int last = sides.size() - 1;
    return new ImageShape(inputs(), last == 2 ? sides.get(1) : 1, last > 0 ? sides.get(last) : 1);
  }

  public int inputs() {
    return input.channels();
  }

  int outputs() {
    return layer.outputOf(List.of(input)).channels();
  }

  /** Whether its inputs follow from its outputs, as those of norms and depth-wise convolutions. */
  boolean couples() {
    return !mixing().mixes();
  }

  ChannelMixing mixing() {
    return layer.as(MixingLayer.class).orElseThrow().mixing(inputs());
  }

  /** Returns this layer with other widths; where it couples them, inputs follow from outputs. */
  TimedLayer narrowed(int inputs, int outputs) {
    int read = couples() ? outputs / (outputs() / inputs()) : inputs;
    List<Integer> sides = new ArrayList<>(input.dimensions());
    sides.set(0, read);
    return new TimedLayer(layer.narrowed(inputs(), outputs), new TensorShape(sides), first, batch);
  }

  /** The layer alone, behind what gives it an input of its form. */
  public Network network() {
    List<GraphNode> nodes = new ArrayList<>();
    String from = Network.INPUT;
    if (input.isVector() || input.isSequence()) {
      from = "flat";
      nodes.add(
          new GraphNode(
              from,
              input.isVector() ? new Flatten() : new FlattenPositions(),
              List.of(Network.INPUT)));
    }
    nodes.add(new GraphNode(NODE, layer, List.of(from)));
    return Network.of(image(), nodes);
  }
}
