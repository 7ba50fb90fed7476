package io.espalier.configs.file;

import java.nio.file.Path;
import java.util.Map;

/**
 * The directory that outlives runs: engine, broker, data sets. {@code $ESPALIER_HOME}, or {@code
 * .espalier} in the user's home.
 */
public final class EspalierHome {
  public static final String VARIABLE = "ESPALIER_HOME";

  private EspalierHome() {}

  /** Returns the absolute path; the directory may not exist yet. */
  public static Path path() {
    return path(System.getenv(), Path.of(System.getProperty("user.home", ".")));
  }

  static Path path(Map<String, String> environment, Path userHome) {
    String named = environment.getOrDefault(VARIABLE, "");
    return (named.isBlank() ? userHome.resolve(".espalier") : Path.of(named)).toAbsolutePath();
  }
}
