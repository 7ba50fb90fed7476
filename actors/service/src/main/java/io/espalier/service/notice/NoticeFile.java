package io.espalier.service.notice;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigUtil;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.Rules.BrokenRulesException;
import io.espalier.service.notice.NoticeSettings.Destination;
import io.espalier.service.notice.NoticeSettings.Retry;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The settings of notices in a HOCON file; files of secrets are named relative to it:
 *
 * <pre>
 * public-url = "https://espalier.example.org:7070"
 * destinations {
 *   ops { kind = webhook, url = "https://hooks.example.org/espalier", secret-file = ops.secret
 *         events = [failed, alert] }
 *   team { kind = mail, host = smtp.example.org, port = 587, security = starttls
 *          user = espalier, password-file = smtp.secret
 *          from = "espalier@example.org", to = ["ann@example.org"] }
 * }
 * </pre>
 */
public final class NoticeFile {
  private static final List<String> KEYS = List.of("public-url", "destinations", "retry");
  private static final List<String> RETRY_KEYS =
      List.of("first", "longest", "give-up-after", "attempts");
  private static final int MOST_DESTINATIONS = 32;
  private static final int MOST_BYTES = 1 << 20;

  private final Path file;
  private final List<Problem> problems = new ArrayList<>();

  private NoticeFile(Path file) {
    this.file = file;
  }

  /**
   * Reads and checks the settings and every file that they name.
   *
   * @throws InvalidConfigException if a rule is broken; it lists all of them and shows no secret
   */
  public static NoticeSettings read(Path file) {
    return new NoticeFile(file).settings();
  }

  private NoticeSettings settings() {
    try {
      Config config =
          ConfigFactory.parseString(
                  text(), ConfigParseOptions.defaults().setOriginDescription(file.toString()))
              .resolve(ConfigResolveOptions.noSystem());
      NoticeSettings settings = settings(config);
      if (!problems.isEmpty()) {
        throw new InvalidConfigException(problems);
      }
      return settings;
    } catch (ConfigException e) {
      throw InvalidConfigException.of(file.toString(), String.valueOf(e.getMessage()));
    }
  }

  private String text() {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw InvalidConfigException.of(
            file.toString(), "must have at most %d bytes".formatted(MOST_BYTES));
      }
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw InvalidConfigException.of(file.toString(), "must be text in UTF-8");
    } catch (IOException e) {
      throw InvalidConfigException.of(
          file.toString(),
          "must be a file that can be read: notify=%s; make it, or correct --notify"
              .formatted(file));
    }
  }

  private NoticeSettings settings(Config config) {
    NoticeSection root = new NoticeSection(file, config, "", problems);
    root.requireOnly(KEYS);
    Optional<URI> publicUrl =
        root.text("public-url").flatMap(url -> NoticeUrl.ofService(root, "public-url", url));
    return new NoticeSettings(destinations(root), publicUrl, retry(root));
  }

  private List<Destination> destinations(NoticeSection root) {
    List<Destination> destinations = new ArrayList<>();
    List<String> names =
        root.section("destinations")
            .map(all -> all.keys().stream().sorted().toList())
            .orElse(List.of());
    root.require(
        "destinations",
        names.size(),
        !names.isEmpty() && names.size() <= MOST_DESTINATIONS,
        "1 to %d destinations by name; write destinations { ops { kind = webhook, … } }"
            .formatted(MOST_DESTINATIONS));
    for (String name : names) {
      String path = "destinations." + ConfigUtil.quoteString(name);
      root.require(
          "destinations",
          name,
          name.matches("[A-Za-z0-9._-]{1,64}"),
          "named by 1 to 64 of A-Z a-z 0-9 . _ and -; choose another name");
      root.section(path)
          .flatMap(section -> DestinationReader.read(name, section))
          .ifPresent(destinations::add);
    }
    return destinations;
  }

  private Retry retry(NoticeSection root) {
    NoticeSection section =
        root.section("retry")
            .orElseGet(() -> new NoticeSection(file, ConfigFactory.empty(), "retry.", problems));
    section.requireOnly(RETRY_KEYS);
    Retry preset = Retry.DEFAULT;
    try {
      return new Retry(
          section.duration("first").orElse(preset.first()),
          section.duration("longest").orElse(preset.longest()),
          section.duration("give-up-after").orElse(preset.giveUpAfter()),
          section.number("attempts").orElse(preset.attempts()));
    } catch (BrokenRulesException e) {
      e.violations().forEach(each -> section.add(each.field(), each.toString()));
      return preset;
    }
  }
}
