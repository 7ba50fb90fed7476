package io.espalier.trainer.onnx.write;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import io.espalier.configs.file.AtomicFile;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.GraphNode;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.run.CodeVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * A network as ONNX. The graph takes examples as the network does, normalised, under {@link #INPUT}
 * and gives logits {@code [batch, classes]} under {@link #OUTPUT}; the batch dimension is free.
 * Parameters are initialisers under their own names.
 *
 * <p>Immutable and thread-safe.
 */
public final class OnnxExport {
  /** Version of the standard operators that the file uses. */
  public static final int OPSET = 17;

  /** What the graph calls its examples. */
  public static final String INPUT = Network.INPUT;

  /** What the graph calls its output. */
  public static final String OUTPUT = "logits";

  /** The version of the file format that came with opset 17. */
  private static final int IR_VERSION = 8;

  private static final long MOST_BYTES = Integer.MAX_VALUE - (1L << 20);

  private final ModelProto model;

  private OnnxExport(ModelProto model) {
    this.model = model;
  }

  /**
   * Translates a network.
   *
   * @param rows whether examples are rows of a table: {@code [batch, columns]} instead of {@code
   *     [batch, channels, height, width]}
   * @param values row-major values of each parameter
   * @param metadata what the file says of itself, text by name
   * @throws IllegalArgumentException if the file would be larger than the format allows, 2 GiB
   */
  public static OnnxExport of(
      Network network,
      boolean rows,
      Function<ParameterId, float[]> values,
      Map<String, String> metadata) {
    requireSize(network);
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
            .setProducerName("espalier")
            .setProducerVersion(CodeVersion.current())
            .setGraph(graph(network, rows, values));
    metadata.forEach(
        (name, text) ->
            model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(name).setValue(text)));
    return new OnnxExport(model.build());
  }

  public byte[] bytes() {
    return model.toByteArray();
  }

  /** Writes the file, whole or not at all. */
  public void write(Path file) throws IOException {
    AtomicFile.write(file, model::writeTo);
  }

  private static GraphProto graph(
      Network network, boolean rows, Function<ParameterId, float[]> values) {
    GraphWriter graph = new GraphWriter();
    List<Integer> dimensions =
        rows ? List.of(network.input().size()) : network.extent(Network.INPUT).dimensions();
    graph.input(INPUT, dimensions);
    graph.free(OUTPUT);
    for (ParameterSpec spec : network.parameters()) {
      graph.floats(spec.id().name(), spec.shape().dimensions(), values.apply(spec.id()));
    }
    Map<String, String> outputs = new HashMap<>();
    outputs.put(Network.INPUT, rows ? images(network, graph) : INPUT);
    LayerOperations operations = new LayerOperations(network, graph);
    String last = INPUT;
    for (GraphNode node : network.nodes()) {
      List<String> inputs =
          node.inputs().stream().map(from -> Objects.requireNonNull(outputs.get(from))).toList();
      last = operations.write(node, inputs);
      outputs.put(node.name(), last);
    }
    graph.rename(last, OUTPUT);
    graph.output(OUTPUT, List.of(network.outputs()));
    return graph.build(
        "Takes normalised examples and gives logits; the metadata say how to normalise.");
  }

  /** Rows as the images of one row that layers take, unless they are only ever flattened. */
  private static String images(Network network, GraphWriter graph) {
    boolean flattened =
        network.nodes().stream()
            .filter(node -> node.inputs().contains(Network.INPUT))
            .allMatch(node -> node.layer() instanceof Layer.Flatten);
    if (flattened) {
      return INPUT;
    }
    String shape =
        graph.longs(
            INPUT + ".shape",
            -1,
            network.input().channels(),
            network.input().height(),
            network.input().width());
    return graph.add(INPUT + ".image", "Reshape", INPUT, shape);
  }

  private static void requireSize(Network network) {
    long bytes = network.parameters().stream().mapToLong(each -> 4L * each.shape().size()).sum();
    if (bytes > MOST_BYTES) {
      throw new IllegalArgumentException(
          "a network must have less than 2 GiB of values to be an ONNX file: bytes=" + bytes);
    }
  }
}
