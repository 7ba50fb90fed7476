package io.espalier.trainer.model;

import com.fasterxml.jackson.core.type.TypeReference;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.file.Metadata;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.CodeVersion;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.TrainingState;
import io.espalier.trainer.stored.StoredNetwork;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.ValidationRecord.Score;
import java.io.IOException;
import java.nio.FloatBuffer;
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
  public static final String FORMAT = StoredNetwork.FORMAT;

  private static final String SPARSITY = "sparsity";
  private static final String BEST = "best";
  private static final String WHOLE_NETWORK = "wholeNetwork";

  private ModelFile() {}

  /** Writes the final state of a run. */
  public static void write(Path path, PreparedRun run, Committed committed, String recipeText)
      throws IOException {
    write(path, run, committed, recipeText, Optional.empty());
  }

  /** Writes the best state of a run, with its step and its score on the validation split. */
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
      int parameter = i;
      tensors.put(
          entry.id().name(),
          StoredTensor.deferred(
              parameters.get(i).shape().dimensions(),
              (from, target) ->
                  readFolded(committed.state(), parameter, entry, masks, from, target)));
    }
    Metadata metadata = metadata(run, committed.run().network(), masks, recipeText);
    best.ifPresent(score -> metadata.putJson(BEST, score));
    Safetensors.write(path, tensors, metadata.texts());
  }

  /** The metadata of a share of prunable weights that is 0. */
  public static Map<String, String> sparsity(double share) {
    return Map.of(SPARSITY, Double.toString(share));
  }

  public static StoredModel read(Path path) throws IOException {
    StoredNetwork stored = StoredNetwork.read(path);
    try {
      return new StoredModel(path, stored.tensors(), description(stored));
    } catch (IllegalArgumentException e) {
      throw new MalformedFileException(path, String.valueOf(e.getMessage()), e);
    }
  }

  private static void readFolded(
      TrainingState state,
      int parameter,
      StateLayout.Entry entry,
      MaskSet masks,
      int from,
      FloatBuffer target) {
    int first = target.position();
    state.read(parameter, 0, from, target);
    entry.mask().map(masks.masks()::get).ifPresent(mask -> clearPruned(mask, from, target, first));
  }

  private static void clearPruned(Mask mask, int from, FloatBuffer values, int first) {
    for (int i = first; i < values.limit(); i++) {
      if (!mask.isKept(from + i - first)) {
        values.put(i, 0);
      }
    }
  }

  private static Metadata metadata(
      PreparedRun run, Network network, MaskSet masks, String recipeText) {
    Dataset data = run.dataset();
    Metadata metadata = Metadata.of(FORMAT);
    data.encoding().ifPresent(encoding -> metadata.put(StoredNetwork.ENCODING, encoding.toJson()));
    return metadata
        .put("version", CodeVersion.current())
        .put("recipe", recipeText)
        .put("model", run.config().model().architecture().kind())
        .put("data", data.name())
        .put("dataDigest", data.digest())
        .putJson(StoredNetwork.COLUMNS, data.columns())
        .putJson(StoredNetwork.CLASS_NAMES, data.classNames())
        .putJson(StoredNetwork.NORMALIZATION, data.normalization().toMap())
        .putJson(
            StoredNetwork.INPUT,
            List.of(data.input().channels(), data.input().height(), data.input().width()))
        .putJson("maskVersion", masks.version().number())
        .putJson(SPARSITY, masks.sparsity())
        .put(StoredNetwork.NETWORK, network.toJson())
        .put(WHOLE_NETWORK, run.wholeNetwork().toJson());
  }

  private static ModelDescription description(StoredNetwork stored) {
    Metadata metadata = stored.metadata();
    return new ModelDescription(
        new ModelDescription.ModelOrigin(
            metadata.text("version"),
            metadata.text("recipe"),
            metadata.text("model"),
            metadata.text("data"),
            metadata.text("dataDigest")),
        new ModelDescription.ModelFormat(
            stored.columns(),
            stored.encoding(),
            stored.classNames(),
            stored.normalization(),
            stored.input()),
        metadata.json("maskVersion", new TypeReference<Integer>() {}),
        metadata.json(SPARSITY, new TypeReference<Double>() {}),
        stored.network(),
        Optional.ofNullable(metadata.texts().get(WHOLE_NETWORK)).map(Network::parse),
        metadata.texts().containsKey(BEST)
            ? Optional.of(metadata.json(BEST, new TypeReference<Score>() {}))
            : Optional.empty());
  }
}
