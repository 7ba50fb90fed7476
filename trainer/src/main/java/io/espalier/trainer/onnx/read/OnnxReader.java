package io.espalier.trainer.onnx.read;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.espalier.trainer.onnx.read.OnnxGraph.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

final class OnnxReader {
  public static final int OLDEST_OPSET = 7;

  public static final int NEWEST_OPSET = 21;

  private static final long MOST_BYTES = 1L << 30;
  private static final int MOST_NODES = 20_000;

  private final GraphProto graph;
  private final int opset;
  private final Unfolding unfolding;
  private final List<String> problems = new ArrayList<>();

  private OnnxReader(GraphProto graph, int opset, Unfolding unfolding) {
    this.graph = graph;
    this.opset = opset;
    this.unfolding = unfolding;
  }

  public static OnnxGraph read(Path file, Unfolding unfolding) throws IOException {
    long bytes = Files.size(file);
    if (bytes > MOST_BYTES) {
      throw new GraphException(
          "a file must have at most %d bytes: bytes=%d".formatted(MOST_BYTES, bytes));
    }
    unfolding.keep(bytes);
    return read(Files.readAllBytes(file), unfolding);
  }

  public static OnnxGraph read(byte[] bytes, Unfolding unfolding) {
    try {
      ModelProto model = ModelProto.parseFrom(bytes);
      if (!model.hasGraph()) {
        throw new GraphException("a file must hold a graph: it has none");
      }
      return new OnnxReader(model.getGraph(), opset(model), unfolding).read();
    } catch (InvalidProtocolBufferException e) {
      throw new GraphException("a file must be an ONNX model: " + e.getMessage());
    }
  }

  private static int opset(ModelProto model) {
    long opset =
        model.getOpsetImportList().stream()
            .filter(each -> isStandard(each.getDomain()))
            .mapToLong(OperatorSetIdProto::getVersion)
            .max()
            .orElse(1);
    if (opset < OLDEST_OPSET || opset > NEWEST_OPSET) {
      throw new GraphException(
          "its opset must be from %d to %d: opset=%d; export it again with another one"
              .formatted(OLDEST_OPSET, NEWEST_OPSET, opset));
    }
    return (int) opset;
  }

  private static boolean isStandard(String domain) {
    return domain.isEmpty() || domain.equals("ai.onnx");
  }

  private OnnxGraph read() {
    if (graph.getNodeCount() > MOST_NODES) {
      throw new GraphException(
          "a graph must have at most %d nodes: nodes=%d"
              .formatted(MOST_NODES, graph.getNodeCount()));
    }
    Map<String, TensorProto> initialisers = initialisers();
    Optional<ValueInfoProto> input = input(initialisers.keySet());
    if (graph.getOutputCount() != 1) {
      problems.add("a graph must have one output: outputs=" + names(graph.getOutputList()));
    }
    requireSound();
    String inputName = input.orElseThrow().getName();
    String output = graph.getOutput(0).getName();
    Set<String> needed = needed(output);
    List<Operation> operations = operations(inputName, initialisers.keySet(), needed);
    if (!inputName.equals(output)
        && operations.stream().noneMatch(each -> each.outputs().contains(output))) {
      problems.add("an output must be given by a node: output=" + output);
    }
    requireSound();
    Map<String, String> unreadable = new TreeMap<>();
    Map<String, OnnxConstant> constants = constants(initialisers, needed, unreadable);
    return new OnnxGraph(
        opset, inputName, dimensions(input.get()), output, operations, constants, unreadable);
  }

  private Map<String, TensorProto> initialisers() {
    if (graph.getSparseInitializerCount() > 0) {
      problems.add("initialisers must be dense: sparse=" + graph.getSparseInitializerCount());
    }
    Map<String, TensorProto> byName = new LinkedHashMap<>();
    for (TensorProto each : graph.getInitializerList()) {
      if (each.getName().isEmpty() || byName.put(each.getName(), each) != null) {
        problems.add("an initialiser must have a name of its own: name=" + each.getName());
      }
    }
    return byName;
  }

  /** The only input that is no initialiser: old files list initialisers as inputs too. */
  private Optional<ValueInfoProto> input(Set<String> initialisers) {
    List<ValueInfoProto> inputs =
        graph.getInputList().stream()
            .filter(each -> !initialisers.contains(each.getName()))
            .toList();
    if (inputs.size() != 1) {
      problems.add("a graph must have one input: inputs=" + names(inputs));
      return Optional.empty();
    }
    TypeProto.Tensor type = inputs.get(0).getType().getTensorType();
    if (type.getElemType() != TensorProto.DataType.FLOAT.getNumber()) {
      problems.add(
          "its input must be of 32-bit floats: type="
              + Optional.ofNullable(TensorProto.DataType.forNumber(type.getElemType()))
                  .map(Enum::name)
                  .orElse("unknown"));
    }
    return Optional.of(inputs.get(0));
  }

  private Set<String> needed(String output) {
    Set<String> needed = new HashSet<>(Set.of(output));
    for (int i = graph.getNodeCount() - 1; i >= 0; i--) {
      NodeProto node = graph.getNode(i);
      if (node.getOutputList().stream().anyMatch(needed::contains)) {
        needed.addAll(node.getInputList());
      }
    }
    return needed;
  }

  private List<Operation> operations(String input, Set<String> initialisers, Set<String> needed) {
    Set<String> known = new HashSet<>(initialisers);
    known.add(input);
    List<Operation> operations = new ArrayList<>();
    for (NodeProto node : graph.getNodeList()) {
      String label = label(node);
      for (String output : node.getOutputList()) {
        if (!output.isEmpty() && !known.add(output)) {
          problems.add("%s: a value must be given once: value=%s".formatted(label, output));
        }
      }
      if (node.getOutputList().stream().anyMatch(needed::contains)) {
        requireKnown(node, label, known);
        operation(node, label).ifPresent(operations::add);
      }
    }
    return operations;
  }

  private void requireKnown(NodeProto node, String label, Set<String> known) {
    for (String each : node.getInputList()) {
      if (!each.isEmpty() && (!known.contains(each) || node.getOutputList().contains(each))) {
        problems.add(
            "%s: what it reads must be given before it, by a node, the input or an initialiser: value=%s"
                .formatted(label, each));
      }
    }
  }

  private Optional<Operation> operation(NodeProto node, String label) {
    try {
      return Optional.of(
          new Operation(
              name(node),
              isStandard(node.getDomain()) ? "" : node.getDomain(),
              node.getOpType(),
              node.getInputList(),
              node.getOutputList(),
              new Attributes(node.getAttributeList())));
    } catch (GraphException e) {
      problems.add(label + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  private Map<String, OnnxConstant> constants(
      Map<String, TensorProto> initialisers, Set<String> needed, Map<String, String> unreadable) {
    Map<String, OnnxConstant> constants = new HashMap<>();
    initialisers.forEach(
        (name, tensor) -> {
          if (needed.contains(name)) {
            try {
              constants.put(name, TensorReader.read(tensor, unfolding));
            } catch (GraphException e) {
              if (unfolding.isExceeded()) {
                throw e;
              }
              unreadable.put(name, String.valueOf(e.getMessage()));
            }
          }
        });
    return constants;
  }

  private static Optional<List<Long>> dimensions(ValueInfoProto input) {
    TypeProto.Tensor type = input.getType().getTensorType();
    return type.hasShape()
        ? Optional.of(type.getShape().getDimList().stream().map(OnnxReader::length).toList())
        : Optional.empty();
  }

  private static long length(TensorShapeProto.Dimension dimension) {
    return dimension.hasDimValue() && dimension.getDimValue() > 0 ? dimension.getDimValue() : -1;
  }

  private static String label(NodeProto node) {
    return "node %s (%s)".formatted(name(node), node.getOpType());
  }

  private static String name(NodeProto node) {
    if (!node.getName().isEmpty()) {
      return node.getName();
    }
    return node.getOutputCount() > 0 ? node.getOutput(0) : "unnamed";
  }

  private static List<String> names(List<ValueInfoProto> values) {
    return values.stream().map(ValueInfoProto::getName).toList();
  }

  private void requireSound() {
    if (!problems.isEmpty()) {
      throw new GraphException(problems);
    }
  }
}
