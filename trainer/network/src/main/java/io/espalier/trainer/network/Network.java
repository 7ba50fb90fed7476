package io.espalier.trainer.network;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.file.Json;
import io.espalier.masks.ParameterId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToLongFunction;

/**
 * A network as a pure description: layers in topological order, shapes and parameters. MACs are per
 * example and count weights only. Immutable and thread-safe.
 */
public final class Network {
  public static final String INPUT = "input";

  private static final int MOST_CHARACTERS = 8 << 20;
  private static final int MOST_NODES = 20_000;
  private static final JsonMapper JSON =
      Json.STRICT
          .rebuild()
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .registerSubtypes(storedLayers())
          .build();

  private final ImageShape input;
  private final List<GraphNode> nodes;
  private final Map<String, List<ParameterSpec>> parametersByNode;
  private final Map<ParameterId, ParameterSpec> parameters;
  private final Map<String, TensorShape> shapes;
  private final TensorShape output;

  /** A layer and the earlier nodes that feed it, or {@link Network#INPUT}. */
  public record GraphNode(String name, Layer layer, List<String> inputs) {
    public GraphNode {
      inputs = List.copyOf(inputs);
      if (name.isBlank() || name.equals(INPUT)) {
        throw new IllegalArgumentException(
            "a node's name must not be blank or '" + INPUT + "': name='" + name + "'");
      }
      if (!layer.takes(inputs.size())) {
        throw new IllegalArgumentException(
            "a node must have as many inputs as its layer takes: node=%s, layer=%s, inputs=%s"
                .formatted(name, layer, inputs));
      }
    }
  }

  private record Description(ImageShape input, List<GraphNode> nodes) {}

  private Network(Builder builder) {
    input = builder.input;
    nodes = List.copyOf(builder.nodes);
    parametersByNode = Map.copyOf(builder.parameters);
    parameters = new LinkedHashMap<>();
    for (GraphNode node : nodes) {
      for (ParameterSpec spec : parametersOf(node)) {
        parameters.put(spec.id(), spec);
      }
    }
    shapes = Map.copyOf(builder.shapes);
    output = builder.shapeOf(nodes.get(nodes.size() - 1).name());
  }

  public static Builder builder(ImageShape input) {
    return new Builder(input);
  }

  /**
   * The network of topologically ordered nodes; throws {@link IllegalArgumentException} on misfit.
   */
  public static Network of(ImageShape input, List<GraphNode> nodes) {
    Builder builder = builder(input);
    nodes.forEach(builder::add);
    return builder.build();
  }

  /** A recipe's network; throws {@link InvalidConfigException} if it does not fit the examples. */
  public static Network of(ModelConfig.Architecture model, ImageShape input, DataSizes sizes) {
    return Architectures.network(model, input, sizes);
  }

  /** A recipe's network for data without tokens, or whose classes are the tokens. */
  public static Network of(ModelConfig.Architecture model, ImageShape input, int classes) {
    return of(model, input, DataSizes.of(classes));
  }

  /** Reads untrusted {@link #toJson}; throws {@link IllegalArgumentException} if it is invalid. */
  public static Network parse(String json) {
    if (json.length() > MOST_CHARACTERS) {
      throw new IllegalArgumentException(
          "a network's description must have at most %d characters: characters=%d"
              .formatted(MOST_CHARACTERS, json.length()));
    }
    try {
      Description read = JSON.readValue(json, Description.class);
      if (read.nodes().size() > MOST_NODES) {
        throw new IllegalArgumentException(
            "a network must have at most %d nodes: nodes=%d"
                .formatted(MOST_NODES, read.nodes().size()));
      }
      return of(read.input(), read.nodes());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "a network's description must be JSON of its kind: " + e.getOriginalMessage(), e);
    } catch (ArithmeticException | NullPointerException e) {
      throw new IllegalArgumentException("a network's description must have whole shapes", e);
    }
  }

  /**
   * This network as JSON: the shape of its examples, and its nodes in topological order, each with
   * its name, its layer and the nodes that it reads. The last node is the output. Parameters are
   * not listed: their shapes and names follow from the nodes.
   *
   * <pre>
   * { "input": { "channels": 1, "height": 28, "width": 28 },
   *   "nodes": [ { "name": "conv1", "layer": { "kind": "convolution", "outputs": 20, … },
   *                "inputs": [ "input" ] }, … ] }
   * </pre>
   */
  public String toJson() {
    try {
      return JSON.writeValueAsString(new Description(input, nodes));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a layer must be plain values: nodes=" + nodes, e);
    }
  }

  private static NamedType[] storedLayers() {
    return LayerRegistry.KINDS.stream()
        .flatMap(kind -> kind.stored().stream().map(type -> new NamedType(type, kind.name())))
        .toArray(NamedType[]::new);
  }

  public ImageShape input() {
    return input;
  }

  /** The output shape of a node, or the shape of the example if {@code name} is {@link #INPUT}. */
  public TensorShape shapeOf(String name) {
    return Optional.ofNullable(shapes.get(name))
        .orElseThrow(
            () -> new IllegalArgumentException("a node must be of this network: name=" + name));
  }

  /** The output shape of the last node. */
  public TensorShape output() {
    return output;
  }

  /** Values of an output; of a sequence, at each position. */
  public int outputs() {
    return output.isSequence() ? output.channels() : output.size();
  }

  /** Outputs of an example: the positions of a sequence, else 1. */
  public int positions() {
    return output.positions();
  }

  /** The token that fills texts up, and is left out; empty where none does. */
  public OptionalInt padding() {
    return nodes.stream()
        .map(GraphNode::layer)
        .filter(PaddingMask.class::isInstance)
        .mapToInt(layer -> ((PaddingMask) layer).padding())
        .findFirst();
  }

  /** The number of different tokens that it reads; empty if its inputs are none. */
  public OptionalInt tokens() {
    return nodes.stream()
        .filter(node -> node.inputs().contains(INPUT))
        .map(GraphNode::layer)
        .filter(TokenEmbedding.class::isInstance)
        .mapToInt(layer -> ((TokenEmbedding) layer).tokens())
        .min();
  }

  public List<GraphNode> nodes() {
    return nodes;
  }

  /** All parameters in graph order. */
  public List<ParameterSpec> parameters() {
    return List.copyOf(parameters.values());
  }

  public Optional<ParameterSpec> parameter(ParameterId id) {
    return Optional.ofNullable(parameters.get(id));
  }

  public List<ParameterSpec> parametersOf(GraphNode node) {
    return parametersByNode.getOrDefault(node.name(), List.of());
  }

  /** Values of all parameters, running statistics included. */
  public long values() {
    return parameters.values().stream().mapToLong(spec -> spec.shape().size()).sum();
  }

  public long macs() {
    return macsEffective(id -> required(id).shape().size());
  }

  /** MACs of one dense parameter; 0 if it is no weight. */
  public long macsOf(ParameterId id) {
    return required(id).macs();
  }

  /** MACs of kept weights only; {@code kept} is called for every weight, masked or not. */
  public long macsEffective(ToLongFunction<ParameterId> kept) {
    return parameters.values().stream()
        .filter(spec -> spec.role() == ParameterSpec.Role.WEIGHT)
        .mapToLong(spec -> spec.usesPerExample() * kept.applyAsLong(spec.id()))
        .sum();
  }

  private ParameterSpec required(ParameterId id) {
    return parameter(id)
        .orElseThrow(
            () -> new IllegalArgumentException("a parameter must be of this network: id=" + id));
  }

  /** Lays out a network, node by node. */
  public static final class Builder {
    private final ImageShape input;
    private final List<GraphNode> nodes = new ArrayList<>();
    private final Map<String, TensorShape> shapes = new LinkedHashMap<>();
    private final Map<String, List<ParameterSpec>> parameters = new LinkedHashMap<>();

    private Builder(ImageShape input) {
      this.input = input;
      shapes.put(INPUT, TensorShape.of(input));
    }

    /** Adds a node; returns its name. */
    public String add(String name, Layer layer, String... inputs) {
      add(new GraphNode(name, layer, List.of(inputs)));
      return name;
    }

    /**
     * Adds a node; throws {@link TensorShape.MismatchException} without adding it if it does not
     * fit.
     */
    public void add(GraphNode node) {
      if (shapes.containsKey(node.name())) {
        throw new IllegalArgumentException("a node's name must be its own: name=" + node.name());
      }
      List<TensorShape> inputShapes = node.inputs().stream().map(this::shapeOf).toList();
      TensorShape output = node.layer().outputOf(inputShapes);
      parameters.put(node.name(), node.layer().parametersOf(node.name(), inputShapes));
      shapes.put(node.name(), output);
      nodes.add(node);
    }

    public Network build() {
      if (nodes.isEmpty()) {
        throw new IllegalArgumentException("a network must have a node: nodes=0");
      }
      return new Network(this);
    }

    TensorShape shapeOf(String name) {
      return Optional.ofNullable(shapes.get(name))
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "a node must be added before it is read: name=" + name));
    }
  }
}
