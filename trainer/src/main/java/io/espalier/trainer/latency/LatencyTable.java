package io.espalier.trainer.latency;

import io.espalier.configs.InvalidConfigException;
import io.espalier.masks.structure.Cost;
import io.espalier.trainer.engine.TensorEngine;
import io.espalier.trainer.latency.TimedNetwork.Grid;
import io.espalier.trainer.network.NetworkGroups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Forward and backward times of training layers on one machine, by {@link TimedLayer#key}. */
public record LatencyTable(MachineProfile machine, Map<String, LayerTimes> layers) {
  private static final String BUDGET = "prune.granularity.budget";

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
          TensorEngine.version(),
          TensorEngine.threadsPerTrainer());
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
   * A training step's latency in nanoseconds by this machine's table in {@code home}; throws {@link
   * InvalidConfigException} if that is missing, damaged, foreign or incomplete.
   */
  public static Cost cost(NetworkGroups groups, int batch, Path home) {
    return cost(groups, batch, home, MachineProfile.here());
  }

  static Cost cost(NetworkGroups groups, int batch, Path home, MachineProfile here) {
    LatencyFile file = LatencyFile.of(home);
    if (!file.exists()) {
      throw refused("have a table of latencies", "file=" + file.path());
    }
    LatencyTable table = read(file);
    if (!table.machine().equals(here)) {
      throw refused(
          "have a table of this machine",
          "file=%s, measured on=%s, this machine=%s".formatted(file.path(), table.machine(), here));
    }
    TimedNetwork network = new TimedNetwork(groups, batch);
    List<Grid> missing = network.grids(1).stream().filter(grid -> !table.covers(grid)).toList();
    if (!missing.isEmpty()) {
      throw refused(
          "have a table with all layers of the network",
          "file=%s, missing=%d, the first=%s"
              .formatted(file.path(), missing.size(), missing.get(0).layer().key()));
    }
    return network.cost(key -> Objects.requireNonNull(table.layers().get(key)));
  }

  private static LatencyTable read(LatencyFile file) {
    try {
      return file.read();
    } catch (IOException e) {
      throw refused("have a table that can be read", "cause=" + e.getMessage());
    }
  }

  boolean covers(Grid grid) {
    LayerTimes times = layers.get(grid.layer().key());
    return times != null && times.covers(grid.inputs(), grid.outputs());
  }

  private static InvalidConfigException refused(String rule, String values) {
    return InvalidConfigException.of(
        BUDGET,
        "must %s where it is latency: %s; run espalier profile with this recipe"
            .formatted(rule, values));
  }
}
