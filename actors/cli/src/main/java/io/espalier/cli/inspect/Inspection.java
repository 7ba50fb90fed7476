package io.espalier.cli.inspect;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.Mask;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.SparseFile;
import io.espalier.trainer.file.StoredTensor;
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

/** The content of a safetensors file; {@code facts} are its metadata in display order. */
record Inspection(Path file, long fileBytes, Map<String, Object> facts, List<Tensor> tensors) {
  static final String BEST_ACCURACY = "bestStateValidationAccuracy";

  /** Reads a model, a mask file, or the tensors of any other safetensors file. */
  static Inspection of(NamedFile stored) throws IOException {
    Path path = stored.path();
    String format = Safetensors.readMetadata(path).getOrDefault("format", "");
    if (format.equals(MaskFile.FORMAT)) {
      return ofMasks(path, MaskFile.read(path));
    }
    if (format.equals(SparseFile.FORMAT)) {
      return ofSparse(path, Safetensors.read(path));
    }
    Map<String, Object> facts = facts(path, format);
    if (stored.best().isPresent()) {
      facts.putAll(bestState(ModelFile.read(stored.best().get()).description()));
    }
    Map<String, Mask> masks = new HashMap<>();
    if (stored.masks().isPresent()) {
      StoredMasks read = MaskFile.read(stored.masks().get());
      read.entries().forEach(entry -> masks.put(entry.shape().id().name(), entry.mask()));
      facts.put("prunable", read.total());
      facts.put("prunableKept", read.kept());
    }
    List<Tensor> tensors =
        TensorSummary.of(path).stream()
            .map(tensor -> Tensor.of(tensor, Optional.ofNullable(masks.get(tensor.name()))))
            .toList();
    return new Inspection(path, Files.size(path), facts, tensors);
  }

  /** Adds the counts that the masked parameters of {@code whole} had before the cuts. */
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

  boolean isModel() {
    return facts.containsKey("model");
  }

  long tensorBytes() {
    return tensors.stream().mapToLong(Tensor::bytes).sum();
  }

  long sparseBytes() {
    return tensors.stream().mapToLong(Tensor::sparseBytes).sum();
  }

  long denseBytes() {
    return tensors.stream().mapToLong(Tensor::denseBytes).sum();
  }

  long units() {
    return tensors.stream().mapToLong(Tensor::units).sum();
  }

  long kept() {
    return tensors.stream().mapToLong(Tensor::kept).sum();
  }

  private static Inspection ofMasks(Path path, StoredMasks masks) throws IOException {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("maskVersion", masks.version());
    facts.put("sparsity", 1 - (double) masks.kept() / Math.max(1, masks.total()));
    facts.put("layout", masks.layoutDigest());
    List<Tensor> tensors = masks.entries().stream().map(Tensor::of).toList();
    return new Inspection(path, Files.size(path), facts, tensors);
  }

  private static Inspection ofSparse(Path path, Safetensors file) throws IOException {
    Safetensors dense = SparseFile.unpacked(path, file);
    Map<String, Object> facts = facts(path, dense.metadata().getOrDefault("format", ""));
    facts.put("storage", "sparse");
    List<Tensor> tensors =
        TensorSummary.of(dense).stream()
            .map(
                tensor ->
                    SparseFile.storedValues(file, tensor.name())
                        .map(kept -> Tensor.ofSparse(tensor, kept))
                        .orElseGet(() -> Tensor.of(tensor, Optional.empty())))
            .toList();
    return new Inspection(path, Files.size(path), facts, tensors);
  }

  private static Map<String, Object> facts(Path path, String format) throws IOException {
    Map<String, Object> facts = new LinkedHashMap<>();
    if (format.equals(ModelFile.FORMAT)) {
      facts.putAll(facts(ModelFile.read(path).description()));
    }
    return facts;
  }

  private static Map<String, Object> facts(ModelDescription description) {
    Map<String, Object> facts = new LinkedHashMap<>();
    RecipeLoader.nameIn(description.origin().recipe()).ifPresent(name -> facts.put("recipe", name));
    facts.put("model", description.origin().model());
    facts.put("data", description.origin().data());
    facts.put("input", description.format().input().toString());
    facts.put("classes", description.format().classNames().size());
    facts.put("maskVersion", description.maskVersion());
    facts.put("sparsity", description.sparsity());
    facts.put("writtenBy", description.origin().codeVersion());
    facts.putAll(bestState(description));
    return facts;
  }

  /** Describes the best state of a run; empty for its final one. */
  private static Map<String, Object> bestState(ModelDescription description) {
    Map<String, Object> facts = new LinkedHashMap<>();
    description
        .best()
        .ifPresent(
            best -> {
              facts.put("bestStateStep", best.step());
              facts.put(BEST_ACCURACY, best.accuracy());
              best.bits().ifPresent(bits -> facts.put("bestStateValidationBitsPerCharacter", bits));
            });
    return facts;
  }

  /**
   * One line of an inspection.
   *
   * @param type of a value, by its name in the file; {@code bit} in a mask file
   * @param kept units that a mask keeps; without a mask, values that are not 0
   * @param sparseBytes the smaller form: kept values and a packed mask where that is less
   */
  record Tensor(
      String name,
      String type,
      List<Integer> shape,
      long units,
      long kept,
      long bytes,
      long denseBytes,
      long sparseBytes) {
    static final String BIT = "bit";

    static Tensor of(TensorSummary tensor, Optional<Mask> mask) {
      long kept = mask.map(Mask::kept).map(Long::valueOf).orElse(tensor.size() - tensor.zeros());
      long perValue = tensor.bytes() / Math.max(1, tensor.size());
      long sparse = kept * perValue + (tensor.size() + 7) / 8;
      boolean canBeSparse =
          tensor.type() == StoredTensor.Type.F32 && tensor.dimensions().size() >= 2;
      return of(
          tensor,
          kept,
          tensor.bytes(),
          canBeSparse ? Math.min(sparse, tensor.bytes()) : tensor.bytes());
    }

    /** A tensor of a sparse file, of which {@code kept} values are stored. */
    static Tensor ofSparse(TensorSummary dense, long kept) {
      long bytes = kept * Float.BYTES + (dense.size() + 7) / 8;
      return of(dense, kept, bytes, bytes);
    }

    static Tensor of(StoredMasks.Entry entry) {
      long bytes = (entry.mask().size() + 7L) / 8;
      return new Tensor(
          entry.shape().id().name(),
          BIT,
          entry.shape().dimensions(),
          entry.mask().size(),
          entry.mask().kept(),
          bytes,
          bytes,
          bytes);
    }

    private static Tensor of(TensorSummary tensor, long kept, long bytes, long sparseBytes) {
      return new Tensor(
          tensor.name(),
          tensor.type().name(),
          tensor.dimensions(),
          tensor.size(),
          kept,
          bytes,
          tensor.bytes(),
          sparseBytes);
    }

    double density() {
      return units == 0 ? 1 : (double) kept / units;
    }
  }
}
