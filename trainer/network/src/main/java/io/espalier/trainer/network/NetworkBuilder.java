package io.espalier.trainer.network;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Builds a network layer by layer: each reads the one before, or what {@link #from} names. Layers
 * without a name get a prefix and a running number, such as {@code conv1}, behind the names of the
 * blocks that they are in. Not thread-safe.
 */
public final class NetworkBuilder {
  private final Network.Builder graph;
  private final Set<String> names = new HashSet<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private String block = "";
  private String last = Network.INPUT;

  private NetworkBuilder(ImageShape input) {
    graph = Network.builder(input);
  }

  public static NetworkBuilder of(ImageShape input) {
    return new NetworkBuilder(input);
  }

  /** The name of the layer that the next one reads; at first {@link Network#INPUT}. */
  public String last() {
    return last;
  }

  /** The shape that the next layer reads. */
  public TensorShape shape() {
    return graph.shapeOf(last);
  }

  /** Lets the next layer read an earlier one, or {@link Network#INPUT}. */
  public NetworkBuilder from(String node) {
    graph.shapeOf(node);
    last = node;
    return this;
  }

  /** Adds a layer without a name. */
  public NetworkBuilder add(Layer layer) {
    return add(numbered(LayerRegistry.prefix(layer)), layer, last);
  }

  /** Adds a layer that reads the named nodes; it gets a name as {@link #add(Layer)} gives. */
  public NetworkBuilder join(Layer layer, String... from) {
    return add(numbered(LayerRegistry.prefix(layer)), layer, from);
  }

  /**
   * Adds a layer by its whole name in the network; the prefix of a block is not added.
   *
   * @throws TensorShape.MismatchException naming the layer if it does not fit what it reads
   */
  public NetworkBuilder add(String name, Layer layer, String... from) {
    try {
      graph.add(name, layer, from);
    } catch (TensorShape.MismatchException e) {
      throw new TensorShape.MismatchException(e.key(), name + ": " + e.getMessage());
    }
    names.add(name);
    last = name;
    return this;
  }

  /** Adds layers whose names begin with that of the block. */
  public NetworkBuilder block(String name, Consumer<NetworkBuilder> layers) {
    String outer = block;
    block = outer + name + ".";
    layers.accept(this);
    block = outer;
    return this;
  }

  /** Adds layers, and what they read to what they give: {@code x + branch(x)}. */
  public NetworkBuilder residual(String name, Consumer<NetworkBuilder> branch) {
    return residual(name, branch, shortcut -> {});
  }

  /**
   * Adds layers, and layers on the way around them, which fit the shape: {@code shortcut(x) +
   * branch(x)}.
   */
  public NetworkBuilder residual(
      String name, Consumer<NetworkBuilder> branch, Consumer<NetworkBuilder> shortcut) {
    String input = last;
    return block(
        name,
        here -> {
          branch.accept(here);
          String computed = last;
          from(input).block("shortcut", shortcut);
          join(new Add(), computed, last);
        });
  }

  public NetworkBuilder flatten() {
    return add(new Flatten());
  }

  /** A fully connected layer with a bias. */
  public NetworkBuilder linear(int outputs) {
    return add(new Linear(outputs, true));
  }

  /** A square convolution with a bias; it keeps height and width for an odd {@code kernel}. */
  public NetworkBuilder convolution(int outputs, int kernel) {
    return add(new Convolution(outputs, kernel, 1, kernel / 2, 1, true));
  }

  /** A square convolution without a bias, for a norm behind it. */
  public NetworkBuilder convolution(int outputs, int kernel, int stride) {
    return add(new Convolution(outputs, kernel, stride, kernel / 2, 1, false));
  }

  /** Batch normalisation. */
  public NetworkBuilder norm() {
    return add(new BatchNorm(Layer.EPSILON));
  }

  public NetworkBuilder relu() {
    return activation(Activation.Function.RELU);
  }

  public NetworkBuilder activation(Activation.Function function) {
    String prefix = function.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return add(numbered(prefix), new Activation(function), last);
  }

  /** The largest value of each square, side by side. */
  public NetworkBuilder maxPool(int side) {
    return add(new MaxPool(side, side, 0));
  }

  public NetworkBuilder globalAveragePool() {
    return add(new GlobalAveragePool());
  }

  /**
   * Returns the network; the last layer is its output.
   *
   * @throws IllegalArgumentException if it has no layer
   */
  public Network build() {
    return graph.build();
  }

  private String numbered(String prefix) {
    String name;
    do {
      name = block + prefix + numbers.merge(block + prefix, 1, Integer::sum);
    } while (names.contains(name));
    return name;
  }
}
