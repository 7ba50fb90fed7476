package io.espalier.cli.serve;

import io.espalier.service.notice.NoticeFile;
import io.espalier.service.notice.NoticeSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The destinations of notices. */
final class NotifyOptions {
  private static final String PRESET = "notify.conf";

  @Option(
      names = "--notify",
      paramLabel = "FILE",
      description =
          "Send notices of ended runs and of alerts to the webhooks and mail addresses of this file"
              + " (docs/service.md; default: service/notify.conf in the Espalier home, if it is"
              + " there).")
  private Optional<Path> file = Optional.empty();

  /** The settings; without destinations where no file is named and none is in the home. */
  NoticeSettings settings(Path home) {
    return file.or(() -> Optional.of(preset(home)).filter(Files::exists))
        .map(NoticeFile::read)
        .orElse(NoticeSettings.NONE);
  }

  /** The file in the home. */
  static Path preset(Path home) {
    return ServeSettings.directoryIn(home).resolve(PRESET);
  }
}
