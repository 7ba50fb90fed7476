package io.espalier.trainer.onnx.read;

import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.ImportedNetwork;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.TensorShape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

final class GraphDraft {
  private static final int MOST_VALUES = 1 << 24;
  private static final int MOST_LAYERS = 40_000;

  private final ImageShape input;
  private final Unfolding unfolding;
  private final Map<String, GraphNode> nodes = new LinkedHashMap<>();
  private final Map<String, TensorShape> extents = new HashMap<>();
  private final Map<String, List<float[]>> values = new HashMap<>();

  public GraphDraft(ImageShape input, Unfolding unfolding) {
    this.input = input;
    this.unfolding = unfolding;
    extents.put(
        Network.INPUT, new TensorShape(List.of(input.channels(), input.height(), input.width())));
  }

  Unfolding unfolding() {
    return unfolding;
  }

  public TensorShape shape(String node) {
    return Objects.requireNonNull(extents.get(node));
  }

  public GraphNode node(String name) {
    return Objects.requireNonNull(nodes.get(name));
  }

  /** Adds a node with parameters in the order of {@link Layer#parametersOf}; returns its name. */
  public String add(String name, Layer layer, List<String> inputs, List<float[]> parameters) {
    unfolding.keep(bytes(parameters));
    return put(name, layer, inputs, parameters);
  }

  private static long bytes(Collection<float[]> parameters) {
    return parameters.stream().mapToLong(each -> (long) each.length * Float.BYTES).sum();
  }

  private String put(String name, Layer layer, List<String> inputs, List<float[]> parameters) {
    if (nodes.size() >= MOST_LAYERS) {
      throw new GraphException("a network must have at most %d layers".formatted(MOST_LAYERS));
    }
    List<TensorShape> shapes = inputs.stream().map(this::shape).toList();
    TensorShape output = layer.outputOf(shapes);
    if (output.size() > MOST_VALUES) {
      throw new GraphException(
          "its output must have at most %d values per example: output=%s"
              .formatted(MOST_VALUES, output));
    }
    extents.put(name, output);
    requireValues(layer.parametersOf(name, shapes), parameters);
    nodes.put(name, new GraphNode(name, layer, inputs));
    values.put(name, parameters);
    return name;
  }

  public String add(String name, Layer layer, String... inputs) {
    return add(name, layer, List.of(inputs), List.of());
  }

  /** Replaces a node's layer by one with one more parameter, the last one. */
  public void extend(String name, Layer layer, float[] parameter) {
    List<float[]> all = new ArrayList<>(values(name));
    all.add(parameter);
    unfolding.keep(bytes(List.of(parameter)));
    put(name, layer, node(name).inputs(), all);
  }

  /** Adds to the first parameter of a node. */
  public void increase(String name, float[] more) {
    float[] sum = values(name).get(0).clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += more[i];
    }
    List<float[]> all = new ArrayList<>(values(name));
    all.set(0, sum);
    put(name, node(name).layer(), node(name).inputs(), all);
  }

  public List<float[]> values(String name) {
    return Objects.requireNonNull(values.get(name));
  }

  /** Replaces name and values of a node that no other one reads; returns the new name. */
  public String replace(String node, String name, List<float[]> parameters) {
    GraphNode old = Objects.requireNonNull(nodes.remove(node));
    extents.remove(node);
    values.remove(node);
    return add(name, old.layer(), old.inputs(), parameters);
  }

  public ImportedNetwork upTo(String output) {
    Set<String> needed = new HashSet<>(Set.of(output));
    List<GraphNode> all = new ArrayList<>(nodes.values());
    List<GraphNode> kept = new ArrayList<>();
    for (int i = all.size() - 1; i >= 0; i--) {
      if (needed.contains(all.get(i).name())) {
        needed.addAll(all.get(i).inputs());
        kept.add(0, all.get(i));
      }
    }
    Network network = Network.of(input, kept);
    Map<ParameterId, float[]> byId = new HashMap<>();
    for (GraphNode node : kept) {
      List<ParameterSpec> parameters = network.parametersOf(node);
      for (int i = 0; i < parameters.size(); i++) {
        byId.put(parameters.get(i).id(), values(node.name()).get(i));
      }
    }
    // The network hands out copies.
    unfolding.use(bytes(byId.values()) / Float.BYTES);
    return new ImportedNetwork(network, byId);
  }

  private static void requireValues(List<ParameterSpec> specs, List<float[]> parameters) {
    for (int i = 0; i < specs.size(); i++) {
      ParameterSpec spec = specs.get(i);
      if (i >= parameters.size() || parameters.get(i).length != spec.shape().size()) {
        throw new GraphException(
            "a parameter must fit what it is applied to: values=%d, expected=%d of %s"
                .formatted(
                    i < parameters.size() ? parameters.get(i).length : 0,
                    spec.shape().size(),
                    spec.shape().dimensions()));
      }
      for (float value : parameters.get(i)) {
        if (!Float.isFinite(value)) {
          throw new GraphException("a parameter must be finite: value=" + value);
        }
      }
    }
  }
}
