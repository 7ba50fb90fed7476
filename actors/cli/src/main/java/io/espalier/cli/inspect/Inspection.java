package io.espalier.cli.inspect;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.Mask;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.SparseFile;
import io.espalier.trainer.model.MaskFile;
import io.espalier.trainer.model.MaskFile.StoredMasks;
import io.espalier.trainer.model.ModelDescription;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.model.TensorSummary;
import io.espalier.trainer.network.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a safetensors file holds.
 *
 * @param facts what its metadata say, in the order in which they are shown
 * @param tensors in file order
 */
record Inspection(
    Path file, long fileBytes, Map<String, Object> facts, List<InspectedTensor> tensors) {

  /**
   * Reads a model, a mask file, or the tensors of any other file.
   *
   * @throws io.espalier.trainer.file.MalformedFileException if it is no safetensors file
   */
  static Inspection of(NamedFile stored) throws IOException {
    Path path = stored.path();
    Safetensors file = Safetensors.read(path);
    Optional<String> format = Optional.ofNullable(file.metadata().get("format"));
    if (format.filter(MaskFile.FORMAT::equals).isPresent()) {
      return ofMasks(path, MaskFile.read(path));
    }
    if (SparseFile.isSparse(file)) {
      return ofSparse(path, file);
    }
    Map<String, Object> facts = facts(path, file);
    Map<String, Mask> masks = new HashMap<>();
    if (stored.masks().isPresent()) {
      StoredMasks read = MaskFile.read(stored.masks().get());
      read.entries().forEach(entry -> masks.put(entry.shape().id().name(), entry.mask()));
      facts.put("prunable", read.total());
      facts.put("prunableKept", read.kept());
    }
    List<InspectedTensor> tensors =
        TensorSummary.of(file).stream()
            .map(
                tensor -> InspectedTensor.of(tensor, Optional.ofNullable(masks.get(tensor.name()))))
            .toList();
    return new Inspection(path, Files.size(path), facts, tensors);
  }

  /**
   * The same with what the masked parameters had before channels were cut out of them.
   *
   * @param masks beside the model
   * @param whole network that the model was cut from
   */
  Inspection beforeCuts(StoredMasks masks, Network whole) {
    Map<String, Object> all = new LinkedHashMap<>(facts);
    all.put(
        "prunableBeforeCuts",
        masks.entries().stream()
            .flatMap(entry -> whole.parameter(entry.shape().id()).stream())
            .mapToLong(parameter -> parameter.shape().size())
            .sum());
    return new Inspection(file, fileBytes, all, tensors);
  }

  /** Whether it is a model of Espalier's. */
  boolean isModel() {
    return facts.containsKey("model");
  }

  /** Bytes of all tensors in the file. */
  long tensorBytes() {
    return tensors.stream().mapToLong(InspectedTensor::bytes).sum();
  }

  /** Bytes of kept values and packed masks: what a sparse file of these tensors takes. */
  long sparseBytes() {
    return tensors.stream().mapToLong(InspectedTensor::sparseBytes).sum();
  }

  /** Bytes of all values, the pruned ones included. */
  long denseBytes() {
    return tensors.stream().mapToLong(InspectedTensor::denseBytes).sum();
  }

  long units() {
    return tensors.stream().mapToLong(InspectedTensor::units).sum();
  }

  long kept() {
    return tensors.stream().mapToLong(InspectedTensor::kept).sum();
  }

  private static Inspection ofMasks(Path path, StoredMasks masks) throws IOException {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("maskVersion", masks.version());
    facts.put("sparsity", 1 - (double) masks.kept() / Math.max(1, masks.total()));
    facts.put("layout", masks.layoutDigest());
    List<InspectedTensor> tensors = masks.entries().stream().map(InspectedTensor::of).toList();
    return new Inspection(path, Files.size(path), facts, tensors);
  }

  private static Inspection ofSparse(Path path, Safetensors file) throws IOException {
    Safetensors dense = SparseFile.unpacked(path, file);
    Map<String, Object> facts = facts(path, dense);
    facts.put("storage", "sparse");
    List<InspectedTensor> tensors =
        TensorSummary.of(dense).stream()
            .map(
                tensor ->
                    SparseFile.storedValues(file, tensor.name())
                        .map(kept -> InspectedTensor.ofSparse(tensor, kept))
                        .orElseGet(() -> InspectedTensor.of(tensor, Optional.empty())))
            .toList();
    return new Inspection(path, Files.size(path), facts, tensors);
  }

  private static Map<String, Object> facts(Path path, Safetensors dense) throws IOException {
    Map<String, Object> facts = new LinkedHashMap<>();
    if (ModelFile.FORMAT.equals(dense.metadata().get("format"))) {
      facts.putAll(facts(ModelFile.read(path).description()));
    }
    return facts;
  }

  private static Map<String, Object> facts(ModelDescription description) {
    Map<String, Object> facts = new LinkedHashMap<>();
    RecipeLoader.nameIn(description.recipe()).ifPresent(name -> facts.put("recipe", name));
    facts.put("model", description.model());
    facts.put("data", description.data());
    facts.put("input", description.input().toString());
    facts.put("classes", description.classNames().size());
    facts.put("maskVersion", description.maskVersion());
    facts.put("sparsity", description.sparsity());
    facts.put("writtenBy", description.codeVersion());
    return facts;
  }
}
