package io.espalier.console;

import io.espalier.configs.file.EspalierHome;
import io.espalier.configs.file.FileCause;
import io.espalier.configs.file.PrivateDirectory;
import io.espalier.trainer.data.source.DataHome;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** The Espalier home as commands use it: created and writable, or refused. */
public final class CommandHome {
  private CommandHome() {}

  /** Returns the home, created if absent; throws {@link CommandRefusedException} on failure. */
  public static Path create() {
    return create(EspalierHome.path());
  }

  static Path create(Path home) {
    try {
      PrivateDirectory.create(home);
    } catch (IOException e) {
      throw refused(home, FileCause.ofWriting(e));
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
            .formatted(home, cause, EspalierHome.VARIABLE));
  }
}
