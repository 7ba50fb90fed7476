package io.espalier.trainer.onnx.read;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
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

  private static final Set<Integer> WHOLES =
      Set.of(DataType.INT64.getNumber(), DataType.INT32.getNumber());

  private final GraphProto graph;
  private final int opset;
  private final Optional<String> chosenOutput;
  private final Unfolding unfolding;
  private final List<String> problems = new ArrayList<>();

  private OnnxReader(
      GraphProto graph, int opset, Optional<String> chosenOutput, Unfolding unfolding) {
    this.graph = graph;
    this.opset = opset;
    this.chosenOutput = chosenOutput;
    this.unfolding = unfolding;
  }

  /** Reads the part of a file that an output depends on, by default the only one. */
  public static OnnxGraph read(Path file, Optional<String> output, Unfolding unfolding)
      throws IOException {
    long bytes = Files.size(file);
    if (bytes > MOST_BYTES) {
      throw new GraphException(
          "a file must have at most %d bytes: bytes=%d".formatted(MOST_BYTES, bytes));
    }
    unfolding.keep(bytes);
    return read(Files.readAllBytes(file), output, unfolding);
  }

  public static OnnxGraph read(byte[] bytes, Unfolding unfolding) {
    return read(bytes, Optional.empty(), unfolding);
  }

  private static OnnxGraph read(byte[] bytes, Optional<String> output, Unfolding unfolding) {
    try {
      ModelProto model = ModelProto.parseFrom(bytes);
      if (!model.hasGraph()) {
        throw new GraphException("a file must hold a graph: it has none");
      }
      return new OnnxReader(model.getGraph(), opset(model), output, unfolding).read();
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
    List<ValueInfoProto> inputs =
        graph.getInputList().stream()
            .filter(each -> !initialisers.containsKey(each.getName()))
            .toList();
    Optional<ValueInfoProto> input = input(inputs);
    Optional<String> chosen = output();
    requireSound();
    String inputName = input.orElseThrow().getName();
    String output = chosen.orElseThrow();
    Set<String> needed = needed(output);
    Set<String> known = new HashSet<>(initialisers.keySet());
    known.addAll(names(inputs));
    List<Operation> operations = operations(known, needed);
    if (!inputName.equals(output)
        && operations.stream().noneMatch(each -> each.outputs().contains(output))) {
      problems.add("an output must be given by a node: output=" + output);
    }
    requireSound();
    Map<String, String> unreadable = new TreeMap<>();
    Map<String, OnnxConstant> constants = constants(initialisers, needed, unreadable);
    Map<String, EncoderInput> others = new HashMap<>();
    for (ValueInfoProto each : inputs) {
      if (!each.getName().equals(inputName)) {
        others.put(each.getName(), EncoderInput.of(each.getName()).orElseThrow());
      }
    }
    return new OnnxGraph(
        opset,
        inputName,
        WHOLES.contains(type(input.get())),
        dimensions(input.get()),
        others,
        output,
        operations,
        constants,
        unreadable);
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

  /**
   * The only input that is no initialiser (old files list these as inputs too), and that does not
   * follow from the tokens of a text.
   */
  private Optional<ValueInfoProto> input(List<ValueInfoProto> inputs) {
    List<ValueInfoProto> examples =
        inputs.size() == 1
            ? inputs
            : inputs.stream().filter(each -> EncoderInput.of(each.getName()).isEmpty()).toList();
    if (examples.size() != 1) {
      problems.add(
          "a graph must have one input, beside the mask, the types and the positions of tokens:"
              + " inputs="
              + names(inputs));
      return Optional.empty();
    }
    ValueInfoProto input = examples.get(0);
    if (type(input) != DataType.FLOAT.getNumber() && !WHOLES.contains(type(input))) {
      problems.add(
          "its input must be of 32-bit floats, or of whole numbers for tokens: type="
              + Optional.ofNullable(DataType.forNumber(type(input)))
                  .map(Enum::name)
                  .orElse("unknown"));
    }
    return Optional.of(input);
  }

  private static int type(ValueInfoProto input) {
    return input.getType().getTensorType().getElemType();
  }

  private Optional<String> output() {
    List<String> outputs = names(graph.getOutputList());
    List<String> wanted = chosenOutput.map(List::of).orElse(outputs);
    if (wanted.size() != 1 || !outputs.contains(wanted.get(0))) {
      problems.add(
          "a graph must have one output, or the one that the recipe names as model.output: outputs="
              + outputs);
      return Optional.empty();
    }
    return Optional.of(wanted.get(0));
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

  private List<Operation> operations(Set<String> given, Set<String> needed) {
    Set<String> known = new HashSet<>(given);
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
