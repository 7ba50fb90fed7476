package io.espalier.trainer.data.source;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A file that a recipe names, and the key that names it, so that a problem in the file is reported
 * as a problem of the recipe.
 */
public record DataFile(Path path, String key) {
  /** A problem of the file as a whole; {@code rule} completes "must …". */
  public InvalidConfigException problem(String rule) {
    return at(path.toString(), rule);
  }

  /** A problem in one line, counted from 1. */
  public InvalidConfigException problem(long line, String rule) {
    return at(path + ":" + line, rule);
  }

  private InvalidConfigException at(String origin, String rule) {
    return new InvalidConfigException(List.of(new Problem(Optional.of(origin), key, rule)));
  }
}
