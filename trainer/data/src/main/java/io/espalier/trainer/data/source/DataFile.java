package io.espalier.trainer.data.source;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.file.FileCause;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A file that a recipe names, and the recipe's key, which messages name. */
public record DataFile(Path path, String key) {
  /** Returns a problem of the file; {@code rule} begins with "must". */
  public InvalidConfigException problem(String rule) {
    return at(path.toString(), rule);
  }

  /** Refuses a file that this user may not read, which looks like none where a folder is closed. */
  void requireAccess() {
    FileCause.denied(path)
        .ifPresent(
            denied -> {
              throw problem("must be readable: " + denied);
            });
  }

  public InvalidConfigException problem(long line, String rule) {
    return at(path + ":" + line, rule);
  }

  private InvalidConfigException at(String origin, String rule) {
    return new InvalidConfigException(List.of(new Problem(Optional.of(origin), key, rule)));
  }
}
