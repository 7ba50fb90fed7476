package io.espalier.trainer.network;

import io.espalier.masks.ParameterId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * A network as a pure description: layers in topological order, the shapes between them and the
 * parameters that they need.
 *
 * <p>Multiply-accumulates (MACs) are per example and count weights only: biases, norms, pooling and
 * additions are left out.
 *
 * <p>Immutable and thread-safe.
 */
public final class Network {
  /** The name under which nodes read the example. */
  public static final String INPUT = "input";

  private final ImageShape input;
  private final List<GraphNode> nodes;
  private final Map<String, List<ParameterSpec>> parametersByNode;
  private final Map<ParameterId, ParameterSpec> parameters;
  private final Map<String, TensorShape> extents;
  private final TensorShape output;

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
    extents = Map.copyOf(builder.extents);
    output = builder.extent(nodes.get(nodes.size() - 1).name());
  }

  /** Nodes are added to it in topological order; the last one is the network's output. */
  static Builder builder(ImageShape input) {
    return new Builder(input);
  }

  /**
   * The network of some nodes, in topological order; the last one is its output.
   *
   * @throws IllegalArgumentException if a node does not fit its inputs
   */
  public static Network of(ImageShape input, List<GraphNode> nodes) {
    Builder builder = builder(input);
    nodes.forEach(builder::add);
    return builder.build();
  }

  public ImageShape input() {
    return input;
  }

  /** The shape of what a node gives, or of the example if {@code name} is {@link #INPUT}. */
  public TensorShape extent(String name) {
    TensorShape extent = extents.get(name);
    if (extent == null) {
      throw new IllegalArgumentException("a node must be of this network: name=" + name);
    }
    return extent;
  }

  /** Values per example that the last node gives: one per class. */
  public int outputs() {
    return output.size();
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

  /** Parameters of one node, in the order in which its layer takes them. */
  public List<ParameterSpec> parametersOf(GraphNode node) {
    return parametersByNode.getOrDefault(node.name(), List.of());
  }

  /** Values of all parameters, running statistics included. */
  public long values() {
    return parameters.values().stream().mapToLong(spec -> spec.shape().size()).sum();
  }

  /** MACs of the dense network. */
  public long macs() {
    return macsEffective(id -> required(id).shape().size());
  }

  /** MACs of one dense parameter; 0 if it is no weight. */
  public long macsOf(ParameterId id) {
    return required(id).macs();
  }

  /**
   * MACs when only kept weights count.
   *
   * @param kept kept units of a weight; asked for every weight, so that one without a mask must
   *     answer with its size
   */
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

  /** Collects the nodes of a network. */
  static final class Builder {
    private final ImageShape input;
    private final List<GraphNode> nodes = new ArrayList<>();
    private final Map<String, TensorShape> extents = new LinkedHashMap<>();
    private final Map<String, List<ParameterSpec>> parameters = new LinkedHashMap<>();

    private Builder(ImageShape input) {
      this.input = input;
      extents.put(INPUT, TensorShape.of(input));
    }

    /**
     * Adds a node and returns its name, for the next node to read.
     *
     * @throws TensorShape.MismatchException if it does not fit its inputs; the node is not added
     *     then
     */
    String add(String name, Layer layer, String... inputs) {
      add(new GraphNode(name, layer, List.of(inputs)));
      return name;
    }

    private void add(GraphNode node) {
      if (extents.containsKey(node.name())) {
        throw new IllegalArgumentException("a node's name must be its own: name=" + node.name());
      }
      List<TensorShape> shapes = node.inputs().stream().map(this::extent).toList();
      TensorShape output = node.layer().outputOf(shapes);
      parameters.put(node.name(), node.layer().parametersOf(node.name(), shapes));
      extents.put(node.name(), output);
      nodes.add(node);
    }

    Network build() {
      if (nodes.isEmpty()) {
        throw new IllegalArgumentException("a network must have a node: nodes=0");
      }
      return new Network(this);
    }

    /** What a node gives. */
    TensorShape extent(String name) {
      TensorShape extent = extents.get(name);
      if (extent == null) {
        throw new IllegalArgumentException("a node must be added before it is read: name=" + name);
      }
      return extent;
    }
  }
}
