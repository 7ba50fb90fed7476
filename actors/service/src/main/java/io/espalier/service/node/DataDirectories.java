package io.espalier.service.node;

import com.typesafe.config.ConfigUtil;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.RunConfig;
import io.espalier.configs.WeightsConfig;
import io.espalier.configs.file.ShellWord;
import io.espalier.service.View;
import io.espalier.service.data.DataSets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The only directories whose files recipes of requests may name. They belong to the operator: a
 * user with write access there may link out of them. Thread-safe.
 */
final class DataDirectories {
  private static final int MOST_NAME = 100;
  private static final Path WORKING_DIRECTORY = Path.of("").toAbsolutePath().normalize();

  private final List<Path> directories;

  DataDirectories(List<Path> directories) {
    this.directories = directories.stream().map(path -> path.toAbsolutePath().normalize()).toList();
  }

  /**
   * Overrides that replace each file of a recipe by its real path in a data directory.
   *
   * @param view outside of which uploaded data sets do not exist
   * @throws InvalidConfigException if one is elsewhere or does not exist
   */
  List<String> confine(RunConfig config, View view) {
    List<Problem> problems = new ArrayList<>();
    List<String> overrides = new ArrayList<>();
    named(config)
        .forEach(
            (key, path) ->
                placed(path, view)
                    .ifPresentOrElse(
                        place -> overrides.add(key + " = " + quoted(place)),
                        () -> problems.add(new Problem(Optional.empty(), key, rule(key, path)))));
    config
        .data()
        .source()
        .mirror()
        .ifPresent(
            mirror ->
                problems.add(
                    new Problem(
                        Optional.empty(),
                        "data.url",
                        "a recipe handed to a service must not name an address to fetch from: data.url=%s; put the files into a data directory of the service and name them as data.path"
                            .formatted(mirror.url()))));
    if (!problems.isEmpty()) {
      throw new InvalidConfigException(problems);
    }
    return overrides;
  }

  /** Whether a recipe names a path, or what lies below it. */
  static boolean names(RunConfig config, Path path) {
    return named(config).values().stream().anyMatch(each -> each.startsWith(path));
  }

  private static String quoted(Path path) {
    return ConfigUtil.quoteString(path.toString());
  }

  private static String rule(String key, Path path) {
    Path written = asWritten(path);
    String name = uploadName(written);
    return "a file must lie in a data directory of the service: %s=%s; upload it with 'espalier data upload %s %s' and name it with -D %s=%s, or name one that is there ('espalier data list')"
        .formatted(key, written, name, ShellWord.of(written), key, name);
  }

  /** The name that an upload of a file can have. */
  private static String uploadName(Path path) {
    String name = String.valueOf(path.getFileName()).replaceAll("[^A-Za-z0-9._-]", "-");
    return name.substring(0, Math.min(MOST_NAME, name.length()));
  }

  /** A relative path stays relative: an absolute one would name the service's directory. */
  private static Path asWritten(Path path) {
    boolean isNear =
        WORKING_DIRECTORY.getNameCount() > 0
            && path.getNameCount() > 0
            && path.getName(0).equals(WORKING_DIRECTORY.getName(0));
    return isNear ? WORKING_DIRECTORY.relativize(path) : path;
  }

  /** A message without the places of data directories: files are named relative to theirs. */
  String withoutPlaces(String message) {
    String hidden = message;
    for (Path directory : directories) {
      for (Path spelled : List.of(directory, real(directory))) {
        hidden = hidden.replace(spelled + "/", "").replace(spelled.toString(), ".");
      }
    }
    return hidden;
  }

  private static Path real(Path directory) {
    try {
      return directory.toRealPath();
    } catch (IOException e) {
      return directory;
    }
  }

  /** The real path of a file; a path relative to the working directory is one to each directory. */
  private Optional<Path> placed(Path path, View view) {
    List<Path> candidates = new ArrayList<>(List.of(path));
    if (path.startsWith(WORKING_DIRECTORY)) {
      Path relative = WORKING_DIRECTORY.relativize(path);
      directories.forEach(directory -> candidates.add(directory.resolve(relative)));
    }
    return candidates.stream().flatMap(candidate -> inside(candidate, view).stream()).findFirst();
  }

  private Optional<Path> inside(Path candidate, View view) {
    return directories.stream()
        .flatMap(each -> inside(candidate, each).filter(real -> isSeen(real, view)).stream())
        .findFirst();
  }

  private boolean isSeen(Path file, View view) {
    return directories.stream()
        .map(DataDirectories::real)
        .allMatch(directory -> DataSets.isSeen(view, directory, file));
  }

  private static Optional<Path> inside(Path candidate, Path directory) {
    try {
      Path realDirectory = directory.toRealPath();
      boolean named = candidate.startsWith(directory) || candidate.startsWith(realDirectory);
      return named
          ? Optional.of(candidate.toRealPath()).filter(real -> real.startsWith(realDirectory))
          : Optional.empty();
    } catch (IOException e) {
      // There is no such file here; another directory may have it.
      return Optional.empty();
    }
  }

  private static Map<String, Path> named(RunConfig config) {
    Map<String, Path> named = new TreeMap<>();
    config.data().source().files().forEach((key, path) -> named.put("data." + key, path));
    config.model().architecture().files().forEach((key, path) -> named.put("model." + key, path));
    config
        .model()
        .weights()
        .map(WeightsConfig::file)
        .ifPresent(file -> named.put("model.weights.file", file));
    add(named, "train.objective", config.train().loss().objective());
    add(named, "prune.score", config.prune().ranking().score());
    add(named, "prune.allocation", config.prune().ranking().allocation());
    add(named, "prune.schedule", config.prune().schedule());
    add(named, "prune.regrowth", config.prune().regrowth());
    add(named, "prune.refit", config.prune().refit());
    return named;
  }

  private static void add(Map<String, Path> named, String block, MemberSettings settings) {
    settings.paths().forEach((key, path) -> named.put(block + "." + key, path));
  }
}
