package io.espalier.cli.inspect;

import io.espalier.configs.file.FileCause;
import io.espalier.configs.file.ShellWord;
import io.espalier.console.CommandRefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A safetensors file, named directly or by its run directory; only the latter gives masks, and the
 * best state of a run that keeps it.
 */
record NamedFile(Path path, Optional<Path> masks, Optional<Path> best) {
  /** Throws {@link CommandRefusedException} if there is no such file. */
  static NamedFile of(Path named) {
    FileCause.denied(named)
        .ifPresent(
            denied -> {
              throw new CommandRefusedException("a network must be readable: " + denied);
            });
    if (Files.isRegularFile(named)) {
      if (named.toString().endsWith(".onnx")) {
        throw new CommandRefusedException(
            "an ONNX file must be imported by a recipe to be used: file=%s; name it in model { kind = onnx, file = … }"
                .formatted(named));
      }
      return new NamedFile(named, Optional.empty(), Optional.empty());
    }
    Path model = named.resolve("model.safetensors");
    if (Files.isRegularFile(model)) {
      return new NamedFile(
          model, file(named, "masks.safetensors"), file(named, "best.safetensors"));
    }
    if (Files.isRegularFile(named.resolve("recipe.conf"))) {
      throw new CommandRefusedException(
          "a run must be finished to hold a model: directory=%s; finish it with espalier train --resume %s"
              .formatted(named, ShellWord.of(named)));
    }
    throw new CommandRefusedException(
        "a network must be a safetensors file, or a run directory with model.safetensors: path="
            + named
            + (Files.exists(named) ? "" : " does not exist"));
  }

  private static Optional<Path> file(Path directory, String name) {
    return Optional.of(directory.resolve(name)).filter(Files::isRegularFile);
  }
}
