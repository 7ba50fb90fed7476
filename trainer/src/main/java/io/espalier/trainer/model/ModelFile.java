package io.espalier.trainer.model;

import com.fasterxml.jackson.core.type.TypeReference;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.InputEncoding;
import io.espalier.trainer.data.Normalization;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.file.Metadata;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.SparseFile;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.CodeVersion;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.TrainingState;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.ValidationRecord.Score;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network as {@code model.safetensors}: all parameters as F32 by name, norm statistics included,
 * pruned weights exactly 0; the {@link ModelDescription} is the metadata.
 */
public final class ModelFile {
  public static final String FORMAT = "espalier-model-1";

  private static final String BEST = "best";
  private static final String NETWORK = "network";
  private static final String ENCODING = "encoding";
  private static final String WHOLE_NETWORK = "wholeNetwork";

  private ModelFile() {}

  /** Writes the final state of a run. */
  public static void write(Path path, PreparedRun run, Committed committed, String recipeText)
      throws IOException {
    write(path, run, committed, recipeText, Optional.empty());
  }

  /** Writes the best state of a run, with its step and its accuracy on the validation split. */
  public static void writeBest(
      Path path, PreparedRun run, Committed committed, String recipeText, Score score)
      throws IOException {
    write(path, run, committed, recipeText, Optional.of(score));
  }

  private static void write(
      Path path, PreparedRun run, Committed committed, String recipeText, Optional<Score> best)
      throws IOException {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    List<ParameterSpec> parameters = committed.run().network().parameters();
    MaskSet masks = committed.masks().masks();
    for (int i = 0; i < parameters.size(); i++) {
      StateLayout.Entry entry = committed.run().stateLayout().entries().get(i);
      tensors.put(
          entry.id().name(),
          StoredTensor.ofFloats(
              parameters.get(i).shape().dimensions(), folded(committed.state(), i, entry, masks)));
    }
    Metadata metadata = metadata(run, committed.run().network(), masks, recipeText);
    best.ifPresent(score -> metadata.putJson(BEST, score));
    Safetensors.write(path, tensors, metadata.texts());
  }

  public static StoredModel read(Path path) throws IOException {
    Safetensors file = SparseFile.readDense(path);
    Metadata metadata = Metadata.of(file.metadata());
    if (!metadata.hasFormat(FORMAT)) {
      throw new MalformedFileException(
          path,
          "must have the metadata of an Espalier model to be used as one: format=%s, expected=%s; its tensors can still be inspected"
              .formatted(file.metadata().getOrDefault(Metadata.FORMAT, "none"), FORMAT));
    }
    try {
      return new StoredModel(path, file.tensors(), description(metadata));
    } catch (IllegalArgumentException e) {
      throw new MalformedFileException(path, String.valueOf(e.getMessage()), e);
    }
  }

  private static float[] folded(
      TrainingState state, int parameter, StateLayout.Entry entry, MaskSet masks) {
    float[] values = state.values(parameter, 0).clone();
    entry.mask().map(masks.masks()::get).ifPresent(mask -> clearPruned(values, mask));
    return values;
  }

  private static void clearPruned(float[] values, Mask mask) {
    for (int i = 0; i < values.length; i++) {
      values[i] = mask.isKept(i) ? values[i] : 0f;
    }
  }

  private static Metadata metadata(
      PreparedRun run, Network network, MaskSet masks, String recipeText) {
    Dataset data = run.dataset();
    Metadata metadata = Metadata.of(FORMAT);
    data.encoding().ifPresent(encoding -> metadata.put(ENCODING, encoding.toJson()));
    return metadata
        .put("version", CodeVersion.current())
        .put("recipe", recipeText)
        .put("model", run.config().model().architecture().kind())
        .put("data", data.name())
        .put("dataDigest", data.digest())
        .putJson("columns", data.columns())
        .putJson("classNames", data.classNames())
        .putJson("normalization", data.normalization().toMap())
        .putJson(
            "input", List.of(data.input().channels(), data.input().height(), data.input().width()))
        .putJson("maskVersion", masks.version().number())
        .putJson("sparsity", masks.sparsity())
        .put(NETWORK, network.toJson())
        .put(WHOLE_NETWORK, run.wholeNetwork().toJson());
  }

  private static ModelDescription description(Metadata metadata) {
    return new ModelDescription(
        metadata.text("version"),
        metadata.text("recipe"),
        metadata.text("model"),
        metadata.text("data"),
        metadata.text("dataDigest"),
        metadata.json("columns", new TypeReference<List<String>>() {}),
        Optional.ofNullable(metadata.texts().get(ENCODING)).map(InputEncoding::parse),
        metadata.json("classNames", new TypeReference<List<String>>() {}),
        Normalization.ofMap(
            metadata.json("normalization", new TypeReference<Map<String, Object>>() {})),
        shape(metadata.json("input", new TypeReference<List<Integer>>() {})),
        metadata.json("maskVersion", new TypeReference<Integer>() {}),
        metadata.json("sparsity", new TypeReference<Double>() {}),
        network(metadata, NETWORK),
        network(metadata, WHOLE_NETWORK),
        metadata.texts().containsKey(BEST)
            ? Optional.of(metadata.json(BEST, new TypeReference<Score>() {}))
            : Optional.empty());
  }

  private static Optional<Network> network(Metadata metadata, String key) {
    return Optional.ofNullable(metadata.texts().get(key)).map(Network::parse);
  }

  private static ImageShape shape(List<Integer> sides) {
    if (sides.size() != 3) {
      throw new IllegalArgumentException(
          "an input must have channels, height and width: input=" + sides);
    }
    return new ImageShape(sides.get(0), sides.get(1), sides.get(2));
  }
}
