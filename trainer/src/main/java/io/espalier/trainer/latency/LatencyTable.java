package io.espalier.trainer.latency;

import io.espalier.configs.InvalidConfigException;
import io.espalier.masks.structure.Cost;
import io.espalier.trainer.latency.TimedNetwork.Grid;
import io.espalier.trainer.network.group.NetworkGroups;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What layers were measured to take on one machine: forward and backward, in a batch of training.
 *
 * @param layers times by what a layer is
 */
public record LatencyTable(MachineProfile machine, Map<String, LayerTimes> layers) {
  private static final String BUDGET = "prune.granularity.budget";

  public LatencyTable {
    layers = Map.copyOf(layers);
  }

  /** A table without layers. */
  static LatencyTable of(MachineProfile machine) {
    return new LatencyTable(machine, Map.of());
  }

  LatencyTable with(String layer, LayerTimes times) {
    Map<String, LayerTimes> more = new TreeMap<>(layers);
    more.put(layer, times);
    return new LatencyTable(machine, more);
  }

  /**
   * The latency of a training step, in nanoseconds, by this machine's table in an Espalier home.
   *
   * @param batch examples of a step
   * @throws InvalidConfigException if the table is missing, damaged, of another machine, or lacks
   *     layers of the network
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

  /** Whether it has a layer at all widths that it may have. */
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
