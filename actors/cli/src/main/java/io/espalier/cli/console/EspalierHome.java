package io.espalier.cli.console;

import io.espalier.trainer.data.source.DataHome;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The directory that outlives runs: engine, broker, data sets. {@code $ESPALIER_HOME}, or {@code
 * .espalier} in the user's home.
 */
public final class EspalierHome {
  public static final String VARIABLE = "ESPALIER_HOME";

  private EspalierHome() {}

  /** Where the home is; it may not exist yet. */
  public static Path path() {
    return path(System.getenv(), Path.of(System.getProperty("user.home", ".")));
  }

  static Path path(Map<String, String> environment, Path userHome) {
    String named = environment.getOrDefault(VARIABLE, "");
    return (named.isBlank() ? userHome.resolve(".espalier") : Path.of(named)).toAbsolutePath();
  }

  /** Returns the home, created if absent; throws {@link CommandRefusedException} on failure. */
  public static Path create() {
    return create(path());
  }

  static Path create(Path home) {
    try {
      Files.createDirectories(home);
    } catch (IOException e) {
      throw refused(home, e.toString());
    }
    if (!Files.isWritable(home)) {
      throw refused(home, "not writable");
    }
    return home;
  }

  /** Returns the data sets of a home; long downloads are reported to {@code errors}. */
  public static DataHome data(Path home, PrintWriter errors) {
    return DataHome.of(home).reportingTo(new DataProgress(errors, System::nanoTime));
  }

  private static CommandRefusedException refused(Path home, String cause) {
    return new CommandRefusedException(
        "the Espalier home must be a writable directory: home=%s, cause=%s; set %s to another one"
            .formatted(home, cause, VARIABLE));
  }
}
