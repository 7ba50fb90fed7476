package io.espalier.trainer.onnx.write;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.Flatten;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.PaddingMask;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.ReadsTokens;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Writes an ONNX graph with unique names from normalised {@link #INPUT} to logits {@code [batch,
 * classes]}, or {@code [batch, positions, classes]} where the output is a sequence, {@link
 * #OUTPUT}. A network of tokens takes their numbers, {@link #IDS}, and where texts are filled up,
 * {@link #MASK}.
 */
public final class OnnxGraphWriter {
  public static final String INPUT = Network.INPUT;
  public static final String OUTPUT = "logits";

  /** Numbers of tokens, int64 {@code [batch, positions]}. */
  public static final String IDS = "input_ids";

  /** 1 where a token is and 0 where padding is, int64 {@code [batch, positions]}. */
  public static final String MASK = "attention_mask";

  /** A name that no node has, for what may be put behind {@link #OUTPUT}. */
  public static final String PROBABILITIES = "probabilities";

  private static final String BATCH = "batch";

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("network");
  private final Set<String> names = new HashSet<>();

  private final boolean tokens;

  private OnnxGraphWriter(boolean tokens) {
    this.tokens = tokens;
  }

  /**
   * Returns the graph; {@code rows} makes the input {@code [batch, columns]} instead of {@code
   * [batch, channels, height, width]}.
   */
  public static GraphProto write(
      Network network, boolean rows, Function<ParameterId, float[]> values) {
    OnnxGraphWriter writer = new OnnxGraphWriter(readsTokens(network));
    if (writer.tokens) {
      writer.tokens(network);
    } else {
      writer.input(
          INPUT,
          rows ? List.of(network.input().size()) : network.shapeOf(Network.INPUT).dimensions(),
          TensorProto.DataType.FLOAT);
    }
    writer.free(OUTPUT);
    writer.free(PROBABILITIES);
    for (ParameterSpec spec : network.parameters()) {
      writer.floats(spec.id().name(), spec.shape().dimensions(), values.apply(spec.id()));
    }
    Map<String, String> outputs = new HashMap<>();
    String read = writer.tokens ? IDS : rows ? writer.images(network) : INPUT;
    outputs.put(Network.INPUT, read);
    String last = read;
    for (GraphNode node : network.nodes()) {
      last = writer.write(node, network, outputs);
      outputs.put(node.name(), last);
    }
    List<Integer> dimensions = List.of(network.outputs());
    if (network.output().isSequence()) {
      OnnxAttributes swap = new OnnxAttributes().with("perm", List.of(0, 2, 1));
      last = writer.add(last + ".rows", "Transpose", List.of(last), swap);
      dimensions = List.of(network.positions(), network.outputs());
    }
    writer.rename(last, OUTPUT);
    writer.output(OUTPUT, dimensions);
    return writer
        .graph
        .setDocString(
            writer.tokens
                ? "Takes numbers of tokens and gives logits; the metadata have the vocabulary."
                : "Takes normalised examples and gives logits; the metadata say how to normalise.")
        .build();
  }

  private static boolean readsTokens(Network network) {
    return readers(network).allMatch(OnnxGraphWriter::isOfTokens);
  }

  private static Stream<Layer> readers(Network network) {
    return network.nodes().stream()
        .filter(node -> node.inputs().contains(Network.INPUT))
        .map(GraphNode::layer);
  }

  private static boolean isOfTokens(Layer layer) {
    return layer instanceof ReadsTokens;
  }

  private void tokens(Network network) {
    List<Integer> positions = List.of(network.input().size());
    input(IDS, positions, TensorProto.DataType.INT64);
    if (readers(network).anyMatch(PaddingMask.class::isInstance)) {
      input(MASK, positions, TensorProto.DataType.INT64);
    }
  }

  /** Whether the graph takes the numbers of tokens, and a mask of the positions that hold one. */
  boolean takesTokens() {
    return tokens;
  }

  /** Rows as images of one row, unless all layers that read them flatten them. */
  private String images(Network network) {
    boolean flattened =
        network.nodes().stream()
            .filter(node -> node.inputs().contains(Network.INPUT))
            .allMatch(node -> node.layer() instanceof Flatten);
    if (flattened) {
      return INPUT;
    }
    ImageShape input = network.input();
    String shape = longs(INPUT + ".shape", -1, input.channels(), input.height(), input.width());
    return add(INPUT + ".image", "Reshape", List.of(INPUT, shape), new OnnxAttributes());
  }

  private String write(GraphNode node, Network network, Map<String, String> outputs) {
    return OnnxWriters.of(node.name(), node.layer())
        .write(
            node.layer(),
            new OnnxNode(
                this,
                node.name(),
                node.inputs().stream()
                    .map(from -> Objects.requireNonNull(outputs.get(from)))
                    .toList(),
                node.inputs().stream().map(network::shapeOf).toList(),
                network.shapeOf(node.name()),
                network.parametersOf(node).stream().map(spec -> spec.id().name()).toList()));
  }

  private String free(String wanted) {
    String name = wanted;
    for (int i = 2; !names.add(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }

  private void input(String name, List<Integer> dimensions, TensorProto.DataType type) {
    graph.addInput(value(free(name), dimensions, type));
  }

  private void output(String name, List<Integer> dimensions) {
    graph.addOutput(value(name, dimensions, TensorProto.DataType.FLOAT));
  }

  String floats(String name, List<Integer> dimensions, float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return constant(name, TensorProto.DataType.FLOAT, dimensions, bytes);
  }

  String longs(String name, long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return constant(name, TensorProto.DataType.INT64, List.of(values.length), bytes);
  }

  String add(String name, String operator, List<String> inputs, OnnxAttributes attributes) {
    String output = free(name);
    graph.addNode(
        NodeProto.newBuilder()
            .setName(output)
            .setOpType(operator)
            .addAllInput(inputs)
            .addOutput(output)
            .addAllAttribute(attributes.protos()));
    return output;
  }

  private void rename(String output, String name) {
    NodeProto.Builder last = graph.getNodeBuilder(graph.getNodeCount() - 1);
    if (!last.getOutput(0).equals(output)) {
      throw new IllegalArgumentException("the output must be the last one: output=" + output);
    }
    last.setOutput(0, name);
  }

  private String constant(
      String name, TensorProto.DataType type, List<Integer> dimensions, ByteBuffer bytes) {
    String own = free(name);
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(own)
            .setDataType(type.getNumber())
            .setRawData(ByteString.copyFrom(bytes.rewind()));
    dimensions.forEach(tensor::addDims);
    graph.addInitializer(tensor);
    return own;
  }

  private static ValueInfoProto value(
      String name, List<Integer> dimensions, TensorProto.DataType type) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDimBuilder().setDimParam(BATCH);
    dimensions.forEach(length -> shape.addDimBuilder().setDimValue(length));
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape)))
        .build();
  }
}
