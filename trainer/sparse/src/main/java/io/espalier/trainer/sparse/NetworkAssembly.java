package io.espalier.trainer.sparse;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the operations and tensors of a network. */
final class NetworkAssembly {
  private final SparseGraph graph;
  private final Map<ParameterId, Mask> masks;
  private final int examples;
  private final boolean trains;
  private final int moments;
  private final Map<String, SparseShape> shapes;
  private final Map<String, Tensor> byName = new HashMap<>();
  private final Map<Tensor, Operation> makers = new HashMap<>();
  private final List<Tensor> tensors = new ArrayList<>();
  private final List<Operation> operations = new ArrayList<>();
  private final Kernels kernels = KernelChoice.kernels();
  private final BatchNormalization.Momentum momentum = new BatchNormalization.Momentum();
  private final Tensor input;
  private final SequenceAssembly sequences;

  NetworkAssembly(
      SparseGraph graph, Map<ParameterId, Mask> masks, int examples, boolean trains, int moments) {
    this.graph = graph;
    this.masks = masks;
    this.examples = examples;
    this.trains = trains;
    this.moments = moments;
    shapes = graph.shapes();
    input = tensor(graph.input());
    sequences =
        new SequenceAssembly(
            (node, role, dimensions) -> parameter(node, role, dimensions, true),
            kernels,
            Batch.padded(examples),
            trains);
    byName.put(SparseGraph.INPUT, input);
  }

  Kernels kernels() {
    return kernels;
  }

  BatchNormalization.Momentum momentum() {
    return momentum;
  }

  List<Operation> operations() {
    return operations;
  }

  List<Tensor> tensors() {
    return tensors;
  }

  Tensor input() {
    return input;
  }

  Tensor output() {
    return named(graph.nodes().get(graph.nodes().size() - 1).name());
  }

  int examples() {
    return examples;
  }

  boolean trains() {
    return trains;
  }

  SparseNetwork assemble() {
    graph.nodes().forEach(this::add);
    if (output().height > 1) {
      throw new IllegalArgumentException(
          "a network must end with a vector of logits, or a sequence of them: output="
              + shapes.get(last()));
    }
    linkGradients();
    if (trains) {
      operations.forEach(Operation::shareGradients);
    }
    int size = Batch.padded(examples);
    tensors.forEach(each -> each.allocate(size, trains));
    operations.forEach(Operation::refreshMasks);
    return new SparseNetwork(this);
  }

  private String last() {
    return graph.nodes().get(graph.nodes().size() - 1).name();
  }

  private Tensor named(String name) {
    return Optional.ofNullable(byName.get(name)).orElseThrow();
  }

  private SparseShape shape(String name) {
    return Optional.ofNullable(shapes.get(name)).orElseThrow();
  }

  private Tensor tensor(SparseShape shape) {
    Tensor tensor = new Tensor(shape);
    tensors.add(tensor);
    return tensor;
  }

  /** A ReLU that alone reads a layer that can apply it becomes part of that layer. */
  private void add(SparseGraph.Node node) {
    Tensor first = named(node.inputs().get(0));
    if (isRelu(node.layer()) && hasOneReader(node.inputs().get(0))) {
      Operation maker = makers.get(first);
      if (maker != null && maker.takesRelu()) {
        first.applyRelu();
        byName.put(node.name(), first);
        return;
      }
    }
    if (node.layer() instanceof SparseLayer.Flatten && isContiguous(node.inputs().get(0))) {
      Tensor view = first.flattened();
      byName.put(node.name(), view);
      return;
    }
    if (node.layer() instanceof SparseLayer.Add && node.inputs().size() == 2) {
      boolean isAdded = addToNorm(node, 0) || addToNorm(node, 1);
      if (isAdded) {
        return;
      }
    }
    Tensor out = tensor(shape(node.name()));
    if (hasSequences() && shape(node.name()).isSequence()) {
      out.space();
    }
    List<Source> sources = node.inputs().stream().map(each -> new Source(named(each))).toList();
    Operation operation = operation(node, sources, out);
    operations.add(operation);
    makers.put(out, operation);
    byName.put(node.name(), out);
  }

  /** Whether no convolution makes the tensor need a border, so that its values are a vector. */
  private boolean isContiguous(String name) {
    Operation maker = makers.get(named(name));
    boolean isMadeBare = !(maker instanceof WeightedSum sum) || sum.isLinear();
    return isMadeBare
        && graph.nodes().stream()
            .filter(each -> each.layer() instanceof SparseLayer.Convolution)
            .flatMap(each -> each.inputs().stream())
            .noneMatch(each -> each.equals(name));
  }

  /** A sum whose later input is a batch norm that nothing else reads becomes part of that norm. */
  private boolean addToNorm(SparseGraph.Node sum, int which) {
    Tensor normed = named(sum.inputs().get(which));
    Tensor addend = named(sum.inputs().get(1 - which));
    if (!(makers.get(normed) instanceof BatchNormalization norm)
        || !norm.takesAddend()
        || !hasOneReader(sum.inputs().get(which))
        || operations.indexOf(makers.get(addend.storage())) >= operations.indexOf(norm)) {
      return false;
    }
    BatchNormalization both = norm.plus(new Source(addend));
    operations.set(operations.indexOf(norm), both);
    makers.put(normed, both);
    byName.put(sum.name(), normed);
    return true;
  }

  private static boolean isRelu(SparseLayer layer) {
    return layer instanceof SparseLayer.Activation activation
        && activation.function() == SparseLayer.Function.RELU;
  }

  private boolean hasOneReader(String read) {
    return graph.nodes().stream()
            .flatMap(each -> each.inputs().stream())
            .filter(read::equals)
            .count()
        == 1;
  }

  private Operation operation(SparseGraph.Node node, List<Source> sources, Tensor out) {
    SparseLayer layer = node.layer();
    Source source = sources.get(0);
    if (layer instanceof SparseLayer.Convolution convolution) {
      int perGroup = source.tensor.channels / convolution.groups();
      int side = convolution.kernel();
      SparseParameter weight =
          parameter(node, "weight", List.of(convolution.outputs(), perGroup, side, side), true);
      Window window =
          new Window(side, convolution.stride(), convolution.padding(), convolution.groups());
      return new WeightedSum(
          source, out, window, weight, bias(node, convolution.bias(), out), !trains, kernels);
    }
    if (layer instanceof SparseLayer.Linear linear) {
      SparseParameter weight =
          parameter(node, "weight", List.of(linear.outputs(), source.tensor.channels), true);
      return new WeightedSum(
          source, out, Window.LINEAR, weight, bias(node, linear.bias(), out), !trains, kernels);
    }
    if (layer instanceof SparseLayer.BatchNorm norm) {
      List<SparseParameter> all = new ArrayList<>(scaleAndShift(node, out));
      all.add(parameter(node, "mean", List.of(out.channels), false));
      all.add(parameter(node, "variance", List.of(out.channels), false));
      return new BatchNormalization(List.of(source), out, norm.epsilon(), momentum, all, kernels);
    }
    if (layer instanceof SparseLayer.GroupNorm norm) {
      return new GroupNormalization(
          source, out, norm, scaleAndShift(node, out), kernels, Batch.padded(examples));
    }
    if (layer instanceof SparseLayer.ChannelAffine affine) {
      List<SparseParameter> all =
          scaleAndShift(node, out).subList(affine.scaled() ? 0 : 1, affine.shifted() ? 2 : 1);
      return new ChannelScaling(source, out, affine, all, kernels);
    }
    return sequences
        .operation(node, sources, out)
        .orElseGet(() -> withoutParameters(layer, sources, out));
  }

  private Operation withoutParameters(SparseLayer layer, List<Source> sources, Tensor out) {
    Source source = sources.get(0);
    if (layer instanceof SparseLayer.MaxPool pool) {
      return Pooling.of(source, out, pool, kernels);
    }
    if (layer instanceof SparseLayer.AveragePool pool) {
      return Pooling.of(source, out, pool, kernels);
    }
    if (layer instanceof SparseLayer.GlobalAveragePool) {
      return new GlobalPooling(source, out, kernels);
    }
    if (layer instanceof SparseLayer.Add) {
      return Copying.add(sources, out, kernels);
    }
    if (layer instanceof SparseLayer.Concat) {
      return Copying.concat(sources, out, kernels);
    }
    if (layer instanceof SparseLayer.Flatten) {
      return Copying.flatten(sources, out, kernels);
    }
    if (layer instanceof SparseLayer.Pad pad) {
      return Copying.pad(sources, out, pad, kernels);
    }
    if (layer instanceof SparseLayer.ChannelShuffle shuffle) {
      return new Shuffling(source, out, shuffle.groups(), kernels);
    }
    if (layer instanceof SparseLayer.LocalResponseNorm norm) {
      return new LocalResponse(source, out, norm, kernels, Batch.padded(examples));
    }
    if (layer instanceof SparseLayer.Multiply) {
      return new Product(sources, out, kernels);
    }
    if (layer instanceof SparseLayer.Activation activation
        && PositionActivation.computes(activation.function())
        && hasSequences()) {
      return new PositionActivation(source, out, activation.function(), kernels);
    }
    return new Elementwise(source, out, function(layer), kernels);
  }

  /** Others keep the bits of their runs, and compute functions in double. */
  private boolean hasSequences() {
    return graph.nodes().stream()
        .map(SparseGraph.Node::layer)
        .anyMatch(
            layer ->
                layer instanceof SparseLayer.TokenEmbedding
                    || layer instanceof SparseLayer.FlattenPositions);
  }

  private static ValueFunction function(SparseLayer layer) {
    if (layer instanceof SparseLayer.Activation activation) {
      return ValueFunction.of(activation.function());
    }
    if (layer instanceof SparseLayer.LeakyRelu relu) {
      return new ValueFunction.LeakyRelu(relu.slope());
    }
    if (layer instanceof SparseLayer.Clip clip) {
      return new ValueFunction.Clip(clip.min(), clip.max());
    }
    if (layer instanceof SparseLayer.Affine affine) {
      return new ValueFunction.Affine(affine.scale(), affine.shift());
    }
    throw new IllegalArgumentException("no operation for this layer: layer=" + layer);
  }

  private List<SparseParameter> scaleAndShift(SparseGraph.Node node, Tensor out) {
    return List.of(
        parameter(node, "scale", List.of(out.channels), true),
        parameter(node, "shift", List.of(out.channels), true));
  }

  private Optional<SparseParameter> bias(SparseGraph.Node node, boolean has, Tensor out) {
    return has
        ? Optional.of(parameter(node, "bias", List.of(out.channels), true))
        : Optional.empty();
  }

  private SparseParameter parameter(
      SparseGraph.Node node, String role, List<Integer> dimensions, boolean trained) {
    ParameterId id = new ParameterId(node.name() + "." + role);
    ParameterShape shape = new ParameterShape(id, dimensions);
    Mask mask = Optional.ofNullable(masks.get(id)).orElseGet(() -> Mask.allKept(shape.size()));
    if (dimensions.size() == 1 && mask.pruned() > 0) {
      throw new IllegalArgumentException(
          "a mask must be of a weight; vectors are whole: parameter=" + id.name());
    }
    return trained && trains
        ? SparseParameter.trained(shape, mask, moments)
        : SparseParameter.fixed(shape, mask);
  }

  /** Who writes a tensor's gradient first and last in a backward pass, and who needs none. */
  private void linkGradients() {
    Map<Tensor, Boolean> needed = new HashMap<>();
    for (Operation operation : operations) {
      boolean any = !operation.parameters().isEmpty();
      for (Source source : operation.sources) {
        source.needed = trains && needed.getOrDefault(source.tensor.storage(), false);
        any |= source.needed;
      }
      needed.put(operation.out, any);
    }
    Map<Tensor, Source> latest = new HashMap<>();
    for (int i = operations.size() - 1; i >= 0; i--) {
      for (Source source : operations.get(i).sources) {
        source.adds = latest.put(source.tensor.storage(), source) != null;
      }
    }
    latest.values().forEach(each -> each.last = true);
  }
}
