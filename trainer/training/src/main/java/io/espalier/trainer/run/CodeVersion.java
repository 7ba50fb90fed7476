package io.espalier.trainer.run;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;

/** The version of the running program, as provenance names it. */
public final class CodeVersion {
  private static final String SNAPSHOT = "SNAPSHOT";
  private static final String DEVELOPMENT = "development";

  private CodeVersion() {}

  /**
   * Returns a text that differs between builds: the version, and for a snapshot also the time of
   * its jar. Outside a jar it is empty, as classes may change at any time there.
   */
  public static Optional<String> build() {
    Optional<CodeSource> source =
        Optional.ofNullable(CodeVersion.class.getProtectionDomain().getCodeSource());
    try {
      if (source.isEmpty() || !Files.isRegularFile(Path.of(source.get().getLocation().toURI()))) {
        return Optional.empty();
      }
      Path jar = Path.of(source.get().getLocation().toURI());
      boolean isRelease = !current().endsWith(SNAPSHOT) && !current().equals(DEVELOPMENT);
      return Optional.of(
          isRelease ? current() : current() + "-" + Files.getLastModifiedTime(jar).toMillis());
    } catch (IOException | URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** Returns the version of the jar, or {@code development} outside one. */
  public static String current() {
    return Optional.ofNullable(CodeVersion.class.getPackage().getImplementationVersion())
        .orElse(DEVELOPMENT);
  }
}
