package io.espalier.trainer.engine.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.engine.ConstantOperand;
import io.espalier.trainer.engine.op.EngineOps;
import io.espalier.trainer.engine.op.Forward;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.WeightedLayer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * Carries the logit of each example's label back to the inputs, layer by layer and whole (Bach et
 * al., "On pixel-wise explanations for non-linear classifier decisions by layer-wise relevance
 * propagation", 2015). An input {@code a} of an output {@code z} gets, of its relevance {@code R},
 *
 * <pre>
 * vectors    a w / (z + ε sign z) · R              z the sum of all a w, without the bias
 * images     (a w)⁺ / Σ (a w)⁺ · R
 * others     a ∂z/∂a / (z + ε sign z) · R          pools, sums and what moves values
 * </pre>
 *
 * <p>What gives a value for each of its own, such as an activation or a norm, passes relevance on
 * as it is. Norms are those of an evaluation. The caller's scope owns what is made.
 */
public final class RelevancePass {
  private static final double EPSILON = 1e-6;

  private final Network network;
  private final NDManager manager;
  private final Function<ParameterId, NDArray> values;
  private final Map<ParameterId, float[]> passed = new HashMap<>();

  public RelevancePass(Network network, NDManager manager, Function<ParameterId, NDArray> values) {
    this.network = network;
    this.manager = manager;
    this.values = values;
  }

  /**
   * Returns the relevance that each weight passes on, in sum over the examples and row-major;
   * nothing for a weight of which nothing is read.
   *
   * @param input {@code [batch, channels, height, width]}
   * @param labels one per example
   */
  public Map<ParameterId, float[]> of(NDArray input, int[] labels) {
    Map<String, NDArray> outputs = new HashMap<>(Map.of(Network.INPUT, input));
    List<GraphNode> nodes = network.nodes();
    for (GraphNode node : nodes) {
      outputs.put(node.name(), forward(node, inputs(node, outputs), parameters(node)));
    }
    String last = nodes.get(nodes.size() - 1).name();
    Map<String, NDArray> relevance = new HashMap<>();
    relevance.put(last, ofLabels(Objects.requireNonNull(outputs.get(last)), labels));
    for (int i = nodes.size() - 1; i >= 0; i--) {
      GraphNode node = nodes.get(i);
      NDArray given = relevance.remove(node.name());
      if (given != null) {
        List<NDArray> back = back(node, inputs(node, outputs), given);
        for (int k = 0; k < back.size(); k++) {
          relevance.merge(node.inputs().get(k), back.get(k), NDArray::add);
        }
      }
    }
    return passed;
  }

  private static List<NDArray> inputs(GraphNode node, Map<String, NDArray> outputs) {
    return node.inputs().stream().map(name -> Objects.requireNonNull(outputs.get(name))).toList();
  }

  private List<NDArray> parameters(GraphNode node) {
    return network.parametersOf(node).stream().map(spec -> values.apply(spec.id())).toList();
  }

  private static NDArray forward(GraphNode node, List<NDArray> inputs, List<NDArray> parameters) {
    Forward pass = new Forward(inputs, parameters, false, 1, false);
    return EngineOps.of(node.layer()).forward(node.layer(), pass);
  }

  private NDArray ofLabels(NDArray logits, int[] labels) {
    float[] all = logits.toFloatArray();
    float[] some = new float[all.length];
    int classes = all.length / labels.length;
    for (int row = 0; row < labels.length; row++) {
      some[row * classes + labels[row]] = all[row * classes + labels[row]];
    }
    return manager.create(some, logits.getShape());
  }

  private List<NDArray> back(GraphNode node, List<NDArray> inputs, NDArray given) {
    if (node.layer() instanceof WeightedLayer) {
      return List.of(throughWeights(node, inputs.get(0), given));
    }
    if (inputs.size() == 1 && inputs.get(0).getShape().equals(given.getShape())) {
      return List.of(given);
    }
    List<NDArray> leaves = inputs.stream().map(RelevancePass::leaf).toList();
    JniUtils.setGradMode(true);
    NDArray output = forward(node, leaves, parameters(node));
    JniUtils.setGradMode(false);
    propagate(output, given);
    return leaves.stream().map(leaf -> leaf.mul(leaf.getGradient())).toList();
  }

  private NDArray throughWeights(GraphNode node, NDArray input, NDArray given) {
    List<NDArray> parameters = parameters(node);
    List<Part> parts = Part.of(input, parameters.get(0));
    JniUtils.setGradMode(true);
    NDArray sum =
        parts.stream()
            .map(part -> forward(node, List.of(part.input()), without(parameters, part.weight())))
            .reduce(NDArray::add)
            .orElseThrow();
    JniUtils.setGradMode(false);
    propagate(sum, given);
    NDArray ofWeight = sum(parts, Part::weight);
    passed.put(network.parametersOf(node).get(0).id(), ofWeight.toFloatArray());
    return sum(parts, Part::input);
  }

  /** The parameters with another weight and without a bias. */
  private static List<NDArray> without(List<NDArray> parameters, NDArray weight) {
    List<NDArray> bare = new ArrayList<>();
    bare.add(weight);
    parameters.stream().skip(1).forEach(bias -> bare.add(bias.zerosLike()));
    return bare;
  }

  private static NDArray sum(List<Part> parts, Function<Part, NDArray> leaf) {
    return parts.stream()
        .map(leaf)
        .map(each -> each.mul(each.getGradient()))
        .reduce(NDArray::add)
        .orElseThrow();
  }

  /** Leaves gradients of what each output is worth for a unit of it. */
  private static void propagate(NDArray output, NDArray given) {
    NDArray values = output.stopGradient();
    NDArray above = values.gte(ConstantOperand.beside(values, 0)).toType(DataType.FLOAT32, false);
    NDArray shift =
        above
            .mul(ConstantOperand.beside(values, 2 * EPSILON))
            .sub(ConstantOperand.beside(values, EPSILON));
    NDArray slope = given.div(values.add(shift));
    JniUtils.backward((PtNDArray) output, (PtNDArray) slope, false, false);
  }

  private static NDArray leaf(NDArray array) {
    NDArray leaf = array.stopGradient();
    leaf.setRequiresGradient(true);
    return leaf;
  }

  /** Inputs and weights whose products count, as leaves. */
  private record Part(NDArray input, NDArray weight) {
    static List<Part> of(NDArray input, NDArray weight) {
      if (input.getShape().dimension() != 4) {
        return List.of(new Part(leaf(input), leaf(weight)));
      }
      NDArray zero = ConstantOperand.beside(input, 0);
      return List.of(
          new Part(leaf(input.maximum(zero)), leaf(weight.maximum(zero))),
          new Part(leaf(input.minimum(zero)), leaf(weight.minimum(zero))));
    }
  }
}
