package io.espalier.federation.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.espalier.configs.file.AtomicFile;
import io.espalier.configs.file.Json;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.training.run.InvalidRunDirectoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The directory {@code simulation} of a run: {@code plan.json}, copies of the files that the plan
 * names, and for each of the newest rounds {@code round-0000000012.json}, written before the
 * checkpoint of that round.
 */
public final class SimulationFiles {
  private static final String FOLDER = "simulation";
  private static final String PLAN = "plan.json";
  private static final String AVAILABILITY = "availability.csv";
  private static final String SPEEDS = "speeds.csv";
  private static final String ROUND = "round-";

  private final Path folder;

  private SimulationFiles(Path folder) {
    this.folder = folder;
  }

  public static SimulationFiles create(Path run, SimulationPlan plan) throws IOException {
    Path folder = Files.createDirectories(run.resolve(FOLDER));
    SimulationPlan kept =
        new SimulationPlan(
            plan.clients(),
            plan.shards(),
            plan.devices(),
            new SimulationPlan.Presence(
                kept(plan.presence().availability(), folder, AVAILABILITY),
                kept(plan.presence().speeds(), folder, SPEEDS),
                plan.presence().dropOut()),
            plan.hostile());
    SimulationFiles files = new SimulationFiles(folder);
    files.write(PLAN, kept);
    return files;
  }

  /** Returns whether a run directory is that of a simulation. */
  public static boolean areIn(Path run) {
    return Files.isRegularFile(run.resolve(FOLDER).resolve(PLAN));
  }

  /** Opens the files of a run to resume; throws if it is no simulation. */
  public static SimulationFiles open(Path run) {
    Path folder = run.resolve(FOLDER);
    if (!areIn(run)) {
      throw new InvalidRunDirectoryException(
          "a simulation to resume must have a %s/%s in its directory: directory=%s; begin another with espalier simulate RECIPE"
              .formatted(FOLDER, PLAN, run));
    }
    return new SimulationFiles(folder);
  }

  private static String kept(String option, Path folder, String name) throws IOException {
    if (isNumber(option)) {
      return option;
    }
    Files.copy(Path.of(option), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    return name;
  }

  private static boolean isNumber(String text) {
    try {
      Double.parseDouble(text);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  public Path folder() {
    return folder;
  }

  /** Reads the plan, whose files are in {@link #folder}; throws if it was changed. */
  public SimulationPlan plan() throws IOException {
    return read(folder.resolve(PLAN), SimulationPlan.class);
  }

  void write(long completed, SimulationMemory.State state, int keep) throws IOException {
    write(name(completed), state);
    List<Path> older =
        rounds().stream().sorted(Comparator.<Path>reverseOrder()).skip(keep + 1L).toList();
    for (Path path : older) {
      Files.deleteIfExists(path);
    }
  }

  Optional<SimulationMemory.State> state(long completed) throws IOException {
    Path path = folder.resolve(name(completed));
    return Files.exists(path)
        ? Optional.of(read(path, SimulationMemory.State.class))
        : Optional.empty();
  }

  private List<Path> rounds() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(each -> each.getFileName().toString().matches(ROUND + "\\d+\\.json"))
          .toList();
    }
  }

  private static String name(long completed) {
    return "%s%010d.json".formatted(ROUND, completed);
  }

  private void write(String name, Object value) throws IOException {
    byte[] bytes = Json.LENIENT.writerWithDefaultPrettyPrinter().writeValueAsBytes(value);
    AtomicFile.write(folder.resolve(name), stream -> stream.write(bytes));
  }

  private static <T> T read(Path path, Class<T> type) throws IOException {
    try {
      return Json.LENIENT.readValue(path.toFile(), type);
    } catch (JsonProcessingException e) {
      throw new MalformedFileException(path, "must be as the simulation wrote it", e);
    }
  }
}
