package io.espalier.trainer.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.espalier.configs.file.AtomicFile;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.file.Metadata;
import io.espalier.trainer.model.LoadedModel;
import io.espalier.trainer.model.ModelDescription;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.onnx.write.OnnxGraphWriter;
import io.espalier.trainer.run.CodeVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A network as ONNX, from normalised {@link #INPUT} to logits {@code [batch, classes]}, {@link
 * #OUTPUT}; the batch is free. Of a network of tokens the inputs are their numbers and, where texts
 * are filled up, a mask. Immutable and thread-safe.
 */
public final class OnnxExport {
  public static final int OPSET = 17;

  public static final String INPUT = OnnxGraphWriter.INPUT;
  public static final String OUTPUT = OnnxGraphWriter.OUTPUT;
  public static final String PROBABILITIES = OnnxGraphWriter.PROBABILITIES;

  public static final String IDS = OnnxGraphWriter.IDS;
  public static final String MASK = OnnxGraphWriter.MASK;

  /** The metadata's name of the token that fills texts up. */
  static final String PADDING = "padding";

  public static final String FORMAT = "espalier-onnx-1";

  /** The version of the file format that came with opset 17. */
  private static final int IR_VERSION = 8;

  private static final long MOST_BYTES = Integer.MAX_VALUE - (1L << 20);

  private final ModelProto model;

  private OnnxExport(ModelProto model) {
    this.model = model;
  }

  /**
   * Translates a stored network with the model file's metadata; throws {@link
   * IllegalArgumentException} if the file would exceed 2 GiB.
   */
  public static OnnxExport of(LoadedModel model) {
    ModelDescription description = model.description();
    Metadata metadata =
        Metadata.of(FORMAT)
            .put("version", description.origin().codeVersion())
            .put("recipe", description.origin().recipe())
            .put("model", description.origin().model())
            .put("data", description.origin().data())
            .put("dataDigest", description.origin().dataDigest())
            .putJson("columns", description.format().columns())
            .putJson("classNames", description.format().classNames())
            .putJson("normalization", description.format().normalization().toMap())
            .putJson("maskVersion", description.maskVersion())
            .putJson("sparsity", description.sparsity());
    description
        .format()
        .encoding()
        .ifPresent(encoding -> metadata.put("encoding", encoding.toJson()));
    return of(
        model.network(),
        !description.format().columns().isEmpty(),
        model::values,
        metadata.texts());
  }

  /**
   * Translates a network; throws {@link IllegalArgumentException} if the file would exceed 2 GiB.
   * {@code rows} makes the input {@code [batch, columns]}; values are row-major.
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
            .setGraph(OnnxGraphWriter.write(network, rows, values));
    metadata.forEach(
        (name, text) ->
            model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(name).setValue(text)));
    network
        .padding()
        .ifPresent(
            token ->
                model.addMetadataProps(
                    StringStringEntryProto.newBuilder()
                        .setKey(PADDING)
                        .setValue(Integer.toString(token))));
    return new OnnxExport(model.build());
  }

  /** The network with a softmax behind its logits, which gives {@link #PROBABILITIES} instead. */
  public OnnxExport withProbabilities() {
    ModelProto.Builder changed = model.toBuilder();
    GraphProto.Builder graph = changed.getGraphBuilder();
    graph
        .addNode(
            NodeProto.newBuilder()
                .setName(PROBABILITIES)
                .setOpType("Softmax")
                .addInput(OUTPUT)
                .addOutput(PROBABILITIES))
        .setDocString(
            "Takes normalised examples and gives probabilities; the metadata say how to normalise.")
        .getOutputBuilder(0)
        .setName(PROBABILITIES);
    return new OnnxExport(changed.build());
  }

  /**
   * Names and shapes of the inputs, such as {@code input_ids [batch, 64], attention_mask [batch,
   * 64]}.
   */
  public String inputs() {
    return model.getGraph().getInputList().stream()
        .map(OnnxExport::inWords)
        .collect(Collectors.joining(", "));
  }

  private static String inWords(ValueInfoProto input) {
    return input.getType().getTensorType().getShape().getDimList().stream()
        .map(each -> each.hasDimValue() ? Long.toString(each.getDimValue()) : each.getDimParam())
        .collect(Collectors.joining(", ", input.getName() + " [", "]"));
  }

  public byte[] bytes() {
    return model.toByteArray();
  }

  /** Writes the file, whole or not at all. */
  public void write(Path file) throws IOException {
    AtomicFile.write(file, model::writeTo);
  }

  private static void requireSize(Network network) {
    long bytes = network.parameters().stream().mapToLong(each -> 4L * each.shape().size()).sum();
    if (bytes > MOST_BYTES) {
      throw new IllegalArgumentException(
          "a network must have less than 2 GiB of values to be an ONNX file: bytes=" + bytes);
    }
  }
}
