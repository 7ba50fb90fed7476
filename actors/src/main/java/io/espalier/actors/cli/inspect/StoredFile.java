package io.espalier.actors.cli.inspect;

import io.espalier.actors.cli.host.RefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A safetensors file that a user names, by itself or by its run directory.
 *
 * @param masks the mask file of the same run, if a run directory was named and holds one
 */
record StoredFile(Path path, Optional<Path> masks) {
  /**
   * Finds the file.
   *
   * @throws RefusedException if there is none
   */
  static StoredFile of(Path named) {
    if (Files.isRegularFile(named)) {
      if (named.toString().endsWith(".onnx")) {
        throw new RefusedException(
            "an ONNX file must be imported by a recipe to be used: file=%s; name it in model { kind = onnx, file = … }"
                .formatted(named));
      }
      return new StoredFile(named, Optional.empty());
    }
    Path model = named.resolve("model.safetensors");
    if (Files.isRegularFile(model)) {
      return new StoredFile(
          model, Optional.of(named.resolve("masks.safetensors")).filter(Files::isRegularFile));
    }
    if (Files.isRegularFile(named.resolve("recipe.conf"))) {
      throw new RefusedException(
          "a run must be finished to hold a model: directory=%s; finish it with train --resume %s"
              .formatted(named, named));
    }
    throw new RefusedException(
        "a network must be a safetensors file, or a run directory with model.safetensors: path="
            + named
            + (Files.exists(named) ? "" : " does not exist"));
  }
}
