package io.espalier.trainer.engine.block;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.engine.op.EngineOp;
import io.espalier.trainer.engine.op.EngineOps;
import io.espalier.trainer.engine.op.Forward;
import io.espalier.trainer.network.BatchNorm;
import io.espalier.trainer.network.Convolution;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.WeightedLayer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Runs a {@link Network} on the engine: {@code [batch, channels, height, width]} in, {@code [batch
 * · positions, classes]} out, example by example. Not thread-safe.
 *
 * <p>Every parameter is read only through the call's {@link ParameterStore}, which so decides the
 * values. Training passes change norm statistics, which have no gradient, in the store's arrays.
 */
public final class NetworkBlock extends AbstractBlock {
  private final Network network;
  private final Map<ParameterId, Parameter> parametersById = new LinkedHashMap<>();
  private final List<Step> steps = new ArrayList<>();
  private float normMomentum = BatchNorm.MOMENTUM;
  private Optional<InputTap> tap = Optional.empty();
  private Optional<OutputTap> outputTap = Optional.empty();
  private Optional<NodeTap> nodeTap = Optional.empty();

  /** Sees what weights multiply, {@code [batch, …]}, as a pass reaches their layers. */
  @FunctionalInterface
  public interface InputTap {
    /** {@code input} is only valid during the call. */
    void see(ParameterId weight, NDArray input);
  }

  /** Sees what layers with a weight give. */
  @FunctionalInterface
  public interface OutputTap {
    /** Returns what later layers read in place of {@code output}, {@code [batch, …]}. */
    NDArray see(ParameterId weight, NDArray output);
  }

  /** Sees what every layer gives. */
  @FunctionalInterface
  public interface NodeTap {
    /** Returns what later layers read in place of {@code output}, {@code [batch, …]}. */
    NDArray see(String node, NDArray output);
  }

  /**
   * One layer's part of a pass; outputs count from 1, the example is 0.
   *
   * @param relaid whether the channels of its output become innermost, which is faster
   * @param foldsNorms whether a norm may fold its input, whose channels are innermost
   * @param spent outputs that no later layer reads, freed unless needed for gradients
   */
  private record Step(
      String node,
      Layer layer,
      EngineOp<Layer> op,
      List<Integer> inputs,
      List<Parameter> parameters,
      boolean relaid,
      boolean foldsNorms,
      List<Integer> spent) {}

  public NetworkBlock(Network network) {
    this(network, false);
  }

  /**
   * A block that may fold the norms of narrow layers, with other rounding ({@code
   * train.fold-norms}).
   */
  public NetworkBlock(Network network, boolean foldsNorms) {
    this(network, foldsNorms, false);
  }

  private NetworkBlock(Network network, boolean foldsNorms, boolean innermost) {
    this.network = network;
    for (ParameterSpec spec : network.parameters()) {
      parametersById.put(
          spec.id(),
          addParameter(
              Parameter.builder()
                  .setName(spec.id().name())
                  .setType(typeOf(spec.role()))
                  .optRequiresGrad(spec.role().isTrained())
                  .build()));
    }
    layOut(foldsNorms, innermost);
  }

  /** A block that folds norms, and reads images whose channels are innermost already. */
  public static NetworkBlock readingInnermost(Network network) {
    return new NetworkBlock(network, true, true);
  }

  private void layOut(boolean foldsNorms, boolean inputInnermost) {
    Map<String, Integer> indices = new HashMap<>(Map.of(Network.INPUT, 0));
    Map<Integer, Integer> lastReaders = new HashMap<>();
    List<GraphNode> nodes = network.nodes();
    for (int i = 1; i <= nodes.size(); i++) {
      GraphNode node = nodes.get(i - 1);
      indices.put(node.name(), i);
      for (String from : node.inputs()) {
        lastReaders.put(Objects.requireNonNull(indices.get(from)), i);
      }
    }
    lastReaders.remove(0);
    for (int i = 1; i <= nodes.size(); i++) {
      GraphNode node = nodes.get(i - 1);
      boolean innermost = inputInnermost || steps.stream().anyMatch(Step::relaid);
      boolean convolves = node.layer() instanceof Convolution;
      int reader = i;
      steps.add(
          new Step(
              node.name(),
              node.layer(),
              EngineOps.of(node.layer()),
              node.inputs().stream().map(indices::get).toList(),
              network.parametersOf(node).stream().map(spec -> parameter(spec.id())).toList(),
              convolves && !innermost,
              foldsNorms && innermost,
              lastReaders.entrySet().stream()
                  .filter(entry -> entry.getValue() == reader)
                  .map(Map.Entry::getKey)
                  .toList()));
    }
  }

  public Network network() {
    return network;
  }

  /** All parameters in graph order; the map is a read-only view. */
  public Map<ParameterId, Parameter> parametersById() {
    return Collections.unmodifiableMap(parametersById);
  }

  /** One parameter; throws {@link IllegalArgumentException} if it is not of this network. */
  public Parameter parameter(ParameterId id) {
    return Optional.ofNullable(parametersById.get(id))
        .orElseThrow(
            () -> new IllegalArgumentException("a parameter must be of this network: id=" + id));
  }

  /** Gives every parameter its row-major values, once; {@code manager} owns the arrays. */
  public void assign(NDManager manager, Function<ParameterSpec, float[]> values) {
    for (ParameterSpec spec : network.parameters()) {
      NDArray array = manager.create(values.apply(spec), shapeOf(spec));
      array.setRequiresGradient(spec.role().isTrained());
      parameter(spec.id()).setArray(array);
    }
  }

  /**
   * Sets {@code new = momentum · old + (1 − momentum) · batch} for running statistics, with the
   * unbiased batch variance (a pass normalises by the biased one). Momentum {@code k / (k + 1)} in
   * pass {@code k} from 0 gives the exact mean.
   */
  public void useNormMomentum(float momentum) {
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new IllegalArgumentException("momentum must be from 0 to 1: momentum=" + momentum);
    }
    normMomentum = momentum;
  }

  /** Shows the inputs of all layers with a weight to {@code next} from now on. */
  public void tapInputs(Optional<InputTap> next) {
    tap = next;
  }

  /** Shows the outputs of all layers with a weight to {@code next} from now on. */
  public void tapOutputs(Optional<OutputTap> next) {
    outputTap = next;
  }

  /** Shows the outputs of all layers to {@code next} from now on. */
  public void tapNodes(Optional<NodeTap> next) {
    nodeTap = next;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
    NDArray input = inputs.singletonOrThrow();
    Device device = input.getDevice();
    List<NDArray> outputs = new ArrayList<>(steps.size() + 1);
    outputs.add(input);
    for (Step step : steps) {
      List<NDArray> from = new ArrayList<>(step.inputs().size());
      step.inputs().forEach(index -> from.add(outputs.get(index)));
      boolean weighs = step.layer() instanceof WeightedLayer;
      if (tap.isPresent() && weighs) {
        tap.get()
            .see(weightOf(step), EngineOps.unfoldedInput(step.op(), step.layer(), from.get(0)));
      }
      List<NDArray> values = new ArrayList<>(step.parameters().size());
      step.parameters().forEach(each -> values.add(store.getValue(each, device, training)));
      NDArray output =
          step.op()
              .forward(
                  step.layer(),
                  new Forward(from, values, training, normMomentum, step.foldsNorms()));
      output =
          outputTap.isPresent() && weighs ? outputTap.get().see(weightOf(step), output) : output;
      if (nodeTap.isPresent()) {
        output = nodeTap.get().see(step.node(), output);
      }
      outputs.add(step.relaid() ? withChannelsInnermost(output) : output);
      step.spent().forEach(index -> outputs.get(index).close());
    }
    return new NDList(rows(outputs.get(steps.size())));
  }

  /** A sequence's positions as rows, example by example; any other output as it is. */
  private NDArray rows(NDArray output) {
    return network.output().isSequence()
        ? Forward.featuresLast(output).reshape(-1, network.outputs())
        : output;
  }

  private static ParameterId weightOf(Step step) {
    return new ParameterId(step.parameters().get(0).getName());
  }

  /** Reorders to {@code [batch, height, width, channels]} in memory, faster for later layers. */
  private static NDArray withChannelsInnermost(NDArray images) {
    try (images;
        NDArray view = images.transpose(0, 2, 3, 1);
        NDArray copy = view.reshape(-1);
        NDArray cells = copy.reshape(view.getShape())) {
      return cells.transpose(0, 3, 1, 2);
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {new Shape(inputs[0].get(0) * network.positions(), network.outputs())};
  }

  private static Shape shapeOf(ParameterSpec spec) {
    return new Shape(spec.shape().dimensions().stream().mapToLong(Integer::longValue).toArray());
  }

  private static Parameter.Type typeOf(ParameterSpec.Role role) {
    return switch (role) {
      case WEIGHT -> Parameter.Type.WEIGHT;
      case BIAS -> Parameter.Type.BIAS;
      case NORM_SCALE -> Parameter.Type.GAMMA;
      case NORM_SHIFT -> Parameter.Type.BETA;
      case RUNNING_MEAN -> Parameter.Type.RUNNING_MEAN;
      case RUNNING_VARIANCE -> Parameter.Type.RUNNING_VAR;
      case AUXILIARY -> Parameter.Type.OTHER;
    };
  }
}
