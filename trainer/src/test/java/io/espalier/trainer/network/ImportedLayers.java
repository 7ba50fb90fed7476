package io.espalier.trainer.network;

import io.espalier.trainer.network.Network.GraphNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Puts layers that no recipe spells out, but imported networks have, between those of a network.
 */
public final class ImportedLayers {
  private final Network network;
  private final Random random;
  private final List<GraphNode> nodes = new ArrayList<>();
  private final Map<String, String> replacements = new HashMap<>();

  private ImportedLayers(Network network, Random random) {
    this.network = network;
    this.random = random;
  }

  public static Network mixedInto(Network network, Random random) {
    ImportedLayers mixed = new ImportedLayers(network, random);
    List<GraphNode> all = network.nodes();
    for (GraphNode node : all.subList(0, all.size() - 1)) {
      mixed.copy(node);
      if (random.nextInt(3) == 0) {
        mixed.follow(node.name());
      }
    }
    mixed.copy(all.get(all.size() - 1));
    return Network.of(network.input(), mixed.nodes);
  }

  private void copy(GraphNode node) {
    List<String> inputs =
        node.inputs().stream().map(from -> replacements.getOrDefault(from, from)).toList();
    nodes.add(new GraphNode(node.name(), node.layer(), inputs));
  }

  /** Layers behind a node that keep its shape. */
  private void follow(String node) {
    boolean isImage = !network.shapeOf(node).isVector();
    switch (random.nextInt(isImage ? 9 : 5)) {
      case 0 -> add(node, new Clip(-0.5f, random.nextBoolean() ? 2 : Float.POSITIVE_INFINITY));
      case 1 -> add(node, new Affine(0.8f, random.nextFloat() - 0.5f));
      case 2 -> add(node, new ChannelAffine(true, random.nextBoolean()));
      case 3 -> add(node, new ChannelAffine(false, true));
      case 4 -> gate(node, isImage && random.nextBoolean());
      case 5 -> add(node, new LocalResponseNorm(1 + 2 * random.nextInt(3), 2, 0.75f, 1));
      case 6 -> add(node, new ChannelShuffle(divisor(network.shapeOf(node).channels())));
      case 7 -> {
        add(node, new Pad(2, 1, 0, 1, true));
        add(node, new MaxPool(3, 1, 0));
      }
      default -> {
        add(node, new Pad(1, 0, 1, 2, false));
        add(node, new AveragePool(3, 1, 0, true));
        add(node, new AveragePool(3, 1, 1, false));
      }
    }
  }

  private int divisor(int channels) {
    int divisor = 1 + random.nextInt(channels);
    while (channels % divisor != 0) {
      divisor--;
    }
    return divisor;
  }

  /** Multiplies by a value of each place, or by the mean of each channel. */
  private void gate(String node, boolean means) {
    String gate = node + "-gate";
    nodes.add(
        new GraphNode(gate, means ? new GlobalAveragePool() : new Clip(-1, 1), List.of(node)));
    String product = node + "-product";
    boolean turned = random.nextBoolean();
    nodes.add(
        new GraphNode(product, new Multiply(), turned ? List.of(gate, node) : List.of(node, gate)));
    replacements.put(node, product);
  }

  /** Adds a layer behind the last one that followed a node. */
  private void add(String node, Layer layer) {
    String name = node + "-" + nodes.size();
    nodes.add(new GraphNode(name, layer, List.of(replacements.getOrDefault(node, node))));
    replacements.put(node, name);
  }
}
