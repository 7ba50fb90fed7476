package io.espalier.configs.file;

import java.nio.file.Path;
import java.util.Map;

/**
 * The directory that outlives runs: engine, broker, data sets. {@code $ESPALIER_HOME}, or {@code
 * .espalier} in the user's home: {@code $HOME}, else that of the system's accounts.
 */
public final class EspalierHome {
  public static final String VARIABLE = "ESPALIER_HOME";

  /** Java's user.home does not follow it. */
  private static final String USER_HOME = "HOME";

  private EspalierHome() {}

  /** Returns the absolute path; the directory may not exist yet. */
  public static Path path() {
    return path(System.getenv(), Path.of(System.getProperty("user.home", ".")));
  }

  static Path path(Map<String, String> environment, Path userHome) {
    String named = environment.getOrDefault(VARIABLE, "");
    String home = environment.getOrDefault(USER_HOME, "");
    Path parent = home.isBlank() ? userHome : Path.of(home);
    return (named.isBlank() ? parent.resolve(".espalier") : Path.of(named)).toAbsolutePath();
  }
}
