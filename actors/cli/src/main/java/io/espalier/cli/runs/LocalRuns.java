package io.espalier.cli.runs;

import io.espalier.console.CommandRefusedException;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.outbox.Outbox;
import io.espalier.telemetry.outbox.RunIdFile;
import io.espalier.telemetry.outbox.RunRegistry;
import io.espalier.telemetry.view.RunOverview;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The runs of this machine: those that an Espalier home has started, and others by directory. */
record LocalRuns(Path home, Instant now, Consumer<String> warnings) {
  private static final Comparator<RunOverview> NEWEST_FIRST =
      Comparator.comparing(RunOverview::begun)
          .reversed()
          .thenComparing(run -> run.directory().toString());

  /** All runs of the home whose directories are still there, newest first. */
  List<RunOverview> all() throws IOException {
    return newestFirst(known().values());
  }

  /** The runs of the home that are where they were begun. */
  private Map<RunId, Path> known() throws IOException {
    Map<RunId, Path> known = new LinkedHashMap<>();
    for (Map.Entry<RunId, Path> entry : RunRegistry.of(home).all().entrySet()) {
      if (isRun(entry.getValue()) && holds(entry.getValue(), entry.getKey())) {
        known.put(entry.getKey(), entry.getValue());
      }
    }
    return known;
  }

  /** Whether it is this run that a directory holds, and not one that was begun there later. */
  private static boolean holds(Path directory, RunId run) throws IOException {
    return !Files.exists(directory.resolve(RunIdFile.NAME))
        || RunIdFile.read(directory).equals(run);
  }

  /**
   * The runs that words name, newest first: a run directory, a directory of such ones, or the id of
   * a run of the home or as much of its beginning as makes it clear.
   *
   * @throws CommandRefusedException if a word names no run
   */
  List<RunOverview> named(List<String> words) throws IOException {
    return newestFirst(directories(words));
  }

  /** The runs that words name, in their order. */
  List<RunOverview> inOrder(List<String> words) throws IOException {
    return read(directories(words));
  }

  private Set<Path> directories(List<String> words) throws IOException {
    Map<RunId, Path> known = known();
    Set<Path> found = new LinkedHashSet<>();
    for (String word : words) {
      found.addAll(directories(word, known));
    }
    return found;
  }

  private List<Path> directories(String word, Map<RunId, Path> known) throws IOException {
    Path path = Path.of(word);
    if (isRun(path)) {
      return List.of(absolute(path));
    }
    if (Files.isDirectory(path)) {
      return below(path);
    }
    List<Path> exact =
        known.entrySet().stream()
            .filter(each -> each.getKey().value().equals(word))
            .map(Map.Entry::getValue)
            .toList();
    List<Map.Entry<RunId, Path>> begun =
        known.entrySet().stream().filter(each -> each.getKey().value().startsWith(word)).toList();
    if (!exact.isEmpty()) {
      return exact;
    }
    if (begun.size() > 1) {
      throw new CommandRefusedException(
          "RUN must name one run of this home: RUN=%s is the beginning of %s; write more of the id"
              .formatted(
                  word,
                  String.join(
                      ", ", begun.stream().limit(5).map(each -> each.getKey().value()).toList())));
    }
    return begun.stream()
        .map(Map.Entry::getValue)
        .findFirst()
        .map(List::of)
        .orElseThrow(
            () ->
                new CommandRefusedException(
                    "RUN must be a run directory, a directory of such ones, or the id of a run of this home: RUN=%s; 'espalier runs --local' lists them"
                        .formatted(word)));
  }

  private static List<Path> below(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      List<Path> runs = children.filter(LocalRuns::isRun).map(LocalRuns::absolute).toList();
      if (runs.isEmpty()) {
        throw new CommandRefusedException(
            "a directory must be that of a run, or hold such ones: directory=%s; a run's has an %s"
                .formatted(directory, Outbox.FILE_NAME));
      }
      return runs;
    }
  }

  private static boolean isRun(Path directory) {
    return Files.isRegularFile(directory.resolve(Outbox.FILE_NAME));
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  private List<RunOverview> newestFirst(Collection<Path> directories) {
    return read(directories).stream().sorted(NEWEST_FIRST).toList();
  }

  /** A run that cannot be read is passed over with a warning. */
  private List<RunOverview> read(Collection<Path> directories) {
    List<RunOverview> runs = new ArrayList<>();
    for (Path directory : directories) {
      try {
        runs.add(RunOverview.of(directory, now));
      } catch (IOException e) {
        warnings.accept(
            "a run cannot be read and is passed over: directory=%s, cause=%s"
                .formatted(directory, e.getMessage()));
      }
    }
    return runs;
  }
}
