package io.espalier.trainer.data.source;

import java.nio.file.Path;

/**
 * Where data sets are looked for when a recipe does not say.
 *
 * @param home the Espalier home; its {@code data} directory comes first
 * @param shared directory in which the system's packages install data sets
 */
public record DataHome(Path home, Path shared) {
  /** A home beside the system's own data sets. */
  public static DataHome of(Path home) {
    return new DataHome(home, Path.of("/usr/share/datasets"));
  }
}
