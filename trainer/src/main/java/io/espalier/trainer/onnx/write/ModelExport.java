package io.espalier.trainer.onnx.write;

import io.espalier.trainer.file.Metadata;
import io.espalier.trainer.model.LoadedModel;
import io.espalier.trainer.model.ModelDescription;

/** A stored network as ONNX, with all that a stranger needs to use it. */
public final class ModelExport {
  /** What the metadata of a file say under {@code format}. */
  public static final String FORMAT = "espalier-onnx-1";

  private ModelExport() {}

  /**
   * Translates a stored network, whose pruned weights are 0 as in its file. Metadata are those of
   * the model file, lists and numbers as JSON.
   *
   * @throws IllegalArgumentException if the file would be larger than the format allows
   */
  public static OnnxExport of(LoadedModel model) {
    ModelDescription description = model.description();
    Metadata metadata =
        Metadata.of(FORMAT)
            .put("version", description.codeVersion())
            .put("recipe", description.recipe())
            .put("model", description.model())
            .put("data", description.data())
            .put("dataDigest", description.dataDigest())
            .putJson("columns", description.columns())
            .putJson("classNames", description.classNames())
            .putJson("normalization", description.normalization().toMap())
            .putJson("maskVersion", description.maskVersion())
            .putJson("sparsity", description.sparsity());
    return OnnxExport.of(
        model.network(), !description.columns().isEmpty(), model::values, metadata.texts());
  }
}
