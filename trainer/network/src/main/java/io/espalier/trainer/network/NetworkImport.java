package io.espalier.trainer.network;

import io.espalier.configs.ModelConfig;
import io.espalier.configs.plugin.ModuleParts;
import java.util.OptionalInt;

/**
 * Reads networks that other programs have written, in a module of its own, found by {@code
 * ServiceLoader}.
 */
public interface NetworkImport {
  /**
   * Reads a recipe's file.
   *
   * @param padding the token that fills texts up; empty for data without one
   * @throws io.espalier.configs.InvalidConfigException that lists all problems
   */
  ImportedNetwork read(ModelConfig.Onnx model, ImageShape input, int classes, OptionalInt padding);

  /**
   * SHA-256 of a recipe's file.
   *
   * @throws io.espalier.configs.InvalidConfigException if it cannot be read
   */
  String digest(ModelConfig.Onnx model);

  static NetworkImport ofOnnx() {
    return ModuleParts.require(NetworkImport.class, "the import of ONNX files", "espalier-onnx");
  }
}
