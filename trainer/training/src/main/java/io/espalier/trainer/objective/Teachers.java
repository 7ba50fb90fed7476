package io.espalier.trainer.objective;

import java.nio.file.Path;
import java.util.Optional;

/** Opens stored networks for objectives that compare with them. */
@FunctionalInterface
public interface Teachers {
  /** For evaluations, which need no teacher. */
  Teachers NONE =
      (key, file, sha256) ->
          (inputs, count) -> {
            throw new IllegalStateException("no teacher was opened: file=" + file);
          };

  /**
   * Opens a model file of the run's inputs and classes.
   *
   * @param key of the recipe that names the file, for errors
   * @param sha256 digest that the file must have, in lower-case hexadecimal
   * @throws io.espalier.configs.InvalidConfigException if the file cannot teach the run
   */
  Teacher open(String key, Path file, Optional<String> sha256);
}
