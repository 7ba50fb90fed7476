package io.espalier.trainer.network;

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
import io.espalier.trainer.network.Network.GraphNode;
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
 * Runs a {@link Network} on the engine: examples {@code [batch, channels, height, width]} in, one
 * value per class {@code [batch, classes]} out.
 *
 * <p>Every parameter is read through the {@link ParameterStore} of the call and nowhere else, so
 * that a store decides which values the forward pass sees. Norm statistics are parameters without a
 * gradient; a training pass changes the arrays that the store hands out for them, in place.
 *
 * <p>Not thread-safe: one block belongs to one thread.
 */
public final class NetworkBlock extends AbstractBlock {
  /** Share of a running statistic that survives one training pass by default. */
  public static final float DEFAULT_NORM_MOMENTUM = 0.9f;

  private final Network network;
  private final Map<ParameterId, Parameter> parametersById = new LinkedHashMap<>();
  private final List<Step> steps = new ArrayList<>();
  private float normMomentum = DEFAULT_NORM_MOMENTUM;

  /**
   * One layer's part of a pass. Outputs are counted from 1, 0 is the example.
   *
   * @param relaid whether the channels of its output become innermost, for later layers to be fast
   * @param spent outputs that no later layer reads; they are freed, except where the engine needs
   *     them for gradients
   */
  private record Step(
      Layer layer,
      List<Integer> inputs,
      List<Parameter> parameters,
      boolean relaid,
      List<Integer> spent) {}

  public NetworkBlock(Network network) {
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
    layOut();
  }

  private void layOut() {
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
      boolean convolves = node.layer() instanceof Convolution;
      int reader = i;
      steps.add(
          new Step(
              node.layer(),
              node.inputs().stream().map(indices::get).toList(),
              network.parametersOf(node).stream().map(spec -> parameter(spec.id())).toList(),
              convolves && steps.stream().noneMatch(Step::relaid),
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

  /**
   * Gives every parameter its array, once: row-major values of the parameter's size. The arrays
   * belong to {@code manager}; those that are trained require a gradient.
   */
  public void assign(NDManager manager, Function<ParameterSpec, float[]> values) {
    for (ParameterSpec spec : network.parameters()) {
      NDArray array = manager.create(values.apply(spec), shapeOf(spec));
      array.setRequiresGradient(spec.role().isTrained());
      parameter(spec.id()).setArray(array);
    }
  }

  /** Gives every parameter the values that {@link Initializer} draws from the seed, once. */
  public void assignInitial(NDManager manager, long seed) {
    List<ParameterSpec> specs = network.parameters();
    assign(manager, spec -> Initializer.initial(spec, seed, specs.indexOf(spec)));
  }

  /**
   * Sets how a training pass updates running statistics from now on: {@code new = momentum · old +
   * (1 − momentum) · batch}, with the batch's unbiased variance (n − 1), whereas the pass itself
   * normalises by the biased one (n). The momentum {@code k / (k + 1)} in pass {@code k}, counted
   * from 0, gives the exact mean over passes.
   */
  public void useNormMomentum(float momentum) {
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new IllegalArgumentException("momentum must be from 0 to 1: momentum=" + momentum);
    }
    normMomentum = momentum;
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
      List<NDArray> values = new ArrayList<>(step.parameters().size());
      step.parameters().forEach(each -> values.add(store.getValue(each, device, training)));
      NDArray output = step.layer().forward(new Forward(from, values, training, normMomentum));
      outputs.add(step.relaid() ? withChannelsInnermost(output) : output);
      step.spent().forEach(index -> outputs.get(index).close());
    }
    return new NDList(outputs.get(steps.size()));
  }

  /**
   * The same images in another order in memory, {@code [batch, height, width, channels]}. Later
   * layers keep the order, in which the engine convolves and normalises faster.
   */
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
    return new Shape[] {new Shape(inputs[0].get(0), network.outputs())};
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
    };
  }
}
