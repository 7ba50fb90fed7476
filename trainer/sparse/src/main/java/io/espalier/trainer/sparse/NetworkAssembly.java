package io.espalier.trainer.sparse;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.trainer.network.Activation;
import io.espalier.trainer.network.Add;
import io.espalier.trainer.network.Convolution;
import io.espalier.trainer.network.Flatten;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.TensorShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the operations and tensors of a network. */
final class NetworkAssembly {
  private final Network network;
  private final Map<ParameterId, Mask> masks;
  private final int examples;
  private final int moments;
  private final SparsePass pass;
  private final Map<String, Tensor> byName = new HashMap<>();
  private final Map<Tensor, Operation> makers = new HashMap<>();
  private final List<Tensor> tensors = new ArrayList<>();
  private final List<Operation> operations = new ArrayList<>();
  private final Tensor input;

  NetworkAssembly(
      Network network,
      Map<ParameterId, Mask> masks,
      int examples,
      boolean trains,
      int moments,
      int threads) {
    this.network = network;
    this.masks = masks;
    this.examples = examples;
    this.moments = moments;
    pass =
        new SparsePass(
            new Team(threads),
            new BatchNormalization.Momentum(),
            BatchTiles.padded(examples),
            trains,
            network.nodes().stream().anyMatch(node -> network.shapeOf(node.name()).isSequence()));
    input = tensor(network.shapeOf(Network.INPUT));
    byName.put(Network.INPUT, input);
  }

  SparsePass pass() {
    return pass;
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
    return named(network.nodes().get(network.nodes().size() - 1).name());
  }

  int examples() {
    return examples;
  }

  SparseNetwork assemble() {
    network.nodes().forEach(this::add);
    if (output().height > 1) {
      throw new IllegalArgumentException(
          "a network must end with a vector of logits, or a sequence of them: output="
              + network.output());
    }
    linkGradients();
    if (pass.trains()) {
      operations.forEach(Operation::shareGradients);
    }
    tensors.forEach(each -> each.allocate(pass.batch(), pass.trains()));
    return new SparseNetwork(this);
  }

  private Tensor named(String name) {
    return Optional.ofNullable(byName.get(name)).orElseThrow();
  }

  private Tensor tensor(TensorShape shape) {
    Tensor tensor = new Tensor(shape);
    tensors.add(tensor);
    return tensor;
  }

  /** A ReLU that alone reads a layer that can apply it becomes part of that layer. */
  private void add(GraphNode node) {
    Tensor first = named(node.inputs().get(0));
    if (isRelu(node.layer()) && hasOneReader(node.inputs().get(0))) {
      Operation maker = makers.get(first);
      if (maker != null && maker.takesRelu()) {
        first.applyRelu();
        byName.put(node.name(), first);
        return;
      }
    }
    if (node.layer() instanceof Flatten && isContiguous(node.inputs().get(0))) {
      Tensor view = first.flattened();
      byName.put(node.name(), view);
      return;
    }
    if (node.layer() instanceof Add && node.inputs().size() == 2) {
      boolean isAdded = addToNorm(node, 0) || addToNorm(node, 1);
      if (isAdded) {
        return;
      }
    }
    Tensor out = tensor(network.shapeOf(node.name()));
    if (pass.ofSequences() && out.height == 1) {
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
        && network.nodes().stream()
            .filter(each -> each.layer() instanceof Convolution)
            .flatMap(each -> each.inputs().stream())
            .noneMatch(each -> each.equals(name));
  }

  /** A sum whose later input is a batch norm that nothing else reads becomes part of that norm. */
  private boolean addToNorm(GraphNode sum, int which) {
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

  private static boolean isRelu(Layer layer) {
    return layer instanceof Activation activation
        && activation.function() == Activation.Function.RELU;
  }

  private boolean hasOneReader(String read) {
    return network.nodes().stream()
            .flatMap(each -> each.inputs().stream())
            .filter(read::equals)
            .count()
        == 1;
  }

  private Operation operation(GraphNode node, List<Source> sources, Tensor out) {
    List<SparseParameter> parameters =
        network.parametersOf(node).stream().map(this::parameter).toList();
    return SparseOps.find(node.layer())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "a layer must have a sparse form: node=%s, without a SparseOp=%s%s"
                        .formatted(node.name(), node.layer(), SparseOps.unusableNote())))
        .of(
            node.layer(),
            new SparseNode(sources, out, parameters, pass, network.shapeOf(node.name())));
  }

  private SparseParameter parameter(ParameterSpec spec) {
    ParameterShape shape = spec.shape();
    Mask mask =
        Optional.ofNullable(masks.get(shape.id())).orElseGet(() -> Mask.allKept(shape.size()));
    if (shape.rank() == 1 && mask.pruned() > 0) {
      throw new IllegalArgumentException(
          "a mask must be of a weight; vectors are whole: parameter=" + shape.id().name());
    }
    return spec.role().isTrained() && pass.trains()
        ? SparseParameter.trained(shape, mask, moments)
        : SparseParameter.fixed(shape, mask);
  }

  /** Who writes a tensor's gradient first and last in a backward pass, and who needs none. */
  private void linkGradients() {
    Map<Tensor, Boolean> needed = new HashMap<>();
    for (Operation operation : operations) {
      boolean any = !operation.parameters().isEmpty();
      for (Source source : operation.sources) {
        source.needed = pass.trains() && needed.getOrDefault(source.tensor.storage(), false);
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
