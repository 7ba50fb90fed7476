package io.espalier.trainer.latency;

import io.espalier.configs.InvalidConfigException;
import io.espalier.masks.structure.Cost;
import io.espalier.trainer.capability.EngineCapability;
import io.espalier.trainer.latency.TimedNetwork.Grid;
import io.espalier.trainer.network.NetworkGroups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Forward and backward times of training layers on one machine, by {@link TimedLayer#key}. */
public record LatencyTable(MachineProfile machine, Map<String, LayerTimes> layers) {
  /** Name of its file, in the home and in the directory of a run. */
  public static final String FILE = "latency.json";

  private static final String BUDGET = "prune.granularity.budget";
  private static final String RESTORE = "restore the run's copy, or start a new run";
  private static final String PROFILE = "run espalier profile with this recipe";

  /**
   * The environment that layer times depend on; machines with equal profiles count as the same.
   * {@code cores} are those available to this program; {@code threads} are used by one operation.
   */
  public record MachineProfile(String cpu, int cores, String platform, String engine, int threads) {
    private static final Path CPUS = Path.of("/proc/cpuinfo");

    public static MachineProfile here() {
      String architecture = System.getProperty("os.arch", "unknown");
      return new MachineProfile(
          cpu(CPUS, architecture),
          Runtime.getRuntime().availableProcessors(),
          System.getProperty("os.name", "unknown") + " " + architecture,
          LayerTimer.here().engine(),
          EngineCapability.threads());
    }

    static String cpu(Path file, String otherwise) {
      try (Stream<String> lines = Files.lines(file)) {
        return lines
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).trim())
            .findFirst()
            .orElse(otherwise);
      } catch (IOException e) {
        return otherwise; // systems other than Linux have no such file
      }
    }
  }

  public LatencyTable {
    layers = Map.copyOf(layers);
  }

  static LatencyTable of(MachineProfile machine) {
    return new LatencyTable(machine, Map.of());
  }

  LatencyTable with(String layer, LayerTimes times) {
    Map<String, LayerTimes> more = new TreeMap<>(layers);
    more.put(layer, times);
    return new LatencyTable(machine, more);
  }

  /**
   * The table that a run counts by: its own copy in the directory {@code run} if there is one, on
   * any machine, otherwise this machine's in {@code home}. Throws {@link InvalidConfigException} if
   * that is missing, damaged, foreign or incomplete.
   */
  public static LatencyTable of(NetworkGroups groups, int batch, Path home, Optional<Path> run) {
    Optional<LatencyFile> copy = run.map(LatencyFile::of).filter(LatencyFile::exists);
    if (copy.isPresent()) {
      return read(copy.get(), RESTORE).covering(groups, batch, copy.get(), RESTORE);
    }
    return of(groups, batch, home, MachineProfile.here());
  }

  static LatencyTable of(NetworkGroups groups, int batch, Path home, MachineProfile here) {
    LatencyFile file = LatencyFile.of(home);
    if (!file.exists()) {
      throw refused("have a table of latencies", "file=" + file.path(), PROFILE);
    }
    LatencyTable table = read(file, PROFILE);
    if (!table.machine().equals(here)) {
      throw refused(
          "have a table of this machine",
          "file=%s, measured on=%s, this machine=%s".formatted(file.path(), table.machine(), here),
          PROFILE);
    }
    return table.covering(groups, batch, file, PROFILE);
  }

  private LatencyTable covering(NetworkGroups groups, int batch, LatencyFile file, String wayOut) {
    List<Grid> missing =
        new TimedNetwork(groups, batch).grids(1).stream().filter(grid -> !covers(grid)).toList();
    if (!missing.isEmpty()) {
      throw refused(
          "have a table with all layers of the network",
          "file=%s, missing=%d, the first=%s"
              .formatted(file.path(), missing.size(), missing.get(0).layer().key()),
          wayOut);
    }
    return this;
  }

  /** A training step's latency in nanoseconds. */
  public Cost cost(NetworkGroups groups, int batch) {
    return new TimedNetwork(groups, batch).cost(key -> Objects.requireNonNull(layers.get(key)));
  }

  /** The content of its file. */
  public String json() {
    return LatencyFile.json(this);
  }

  private static LatencyTable read(LatencyFile file, String wayOut) {
    try {
      return file.read();
    } catch (IOException e) {
      throw refused("have a table that can be read", "cause=" + e.getMessage(), wayOut);
    }
  }

  boolean covers(Grid grid) {
    LayerTimes times = layers.get(grid.layer().key());
    return times != null && times.covers(grid.inputs(), grid.outputs());
  }

  private static InvalidConfigException refused(String rule, String values, String wayOut) {
    return InvalidConfigException.of(
        BUDGET, "must %s where it is latency: %s; %s".formatted(rule, values, wayOut));
  }
}
