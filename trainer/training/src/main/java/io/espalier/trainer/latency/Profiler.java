package io.espalier.trainer.latency;

import io.espalier.trainer.latency.LatencyTable.MachineProfile;
import io.espalier.trainer.latency.TimedNetwork.Grid;
import io.espalier.trainer.network.NetworkGroups;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** Measures the layers that this machine's table lacks, and writes the table after each one. */
public final class Profiler {
  private final LatencyFile file;
  private final MachineProfile machine;
  private final ToLongFunction<TimedLayer> clock;

  public interface Listener {
    /** The file is no whole table of this machine, and is replaced. */
    void startsAnew(String reason);

    /**
     * A layer was measured, in nanoseconds with all its channels; the counts are of this profile.
     */
    void measured(String layer, long nanoseconds, int done, int due);
  }

  /** The result of a profile: distinct layers, those measured now, and the whole latency. */
  public record Result(MachineProfile machine, int layers, int measured, long nanoseconds) {}

  Profiler(LatencyFile file, MachineProfile machine, ToLongFunction<TimedLayer> clock) {
    this.file = file;
    this.machine = machine;
    this.clock = clock;
  }

  public static Profiler here(Path home) {
    return new Profiler(
        LatencyFile.of(home), MachineProfile.here(), LayerTimer.here()::nanoseconds);
  }

  public Path path() {
    return file.path();
  }

  /**
   * Measures the layers, also known ones with {@code again}; a side that may lose channels has
   * {@code points} widths, 1 or more, beside that of a single channel.
   */
  public Result profile(
      NetworkGroups groups, int batch, int points, boolean again, Listener listener)
      throws IOException {
    TimedNetwork network = new TimedNetwork(groups, batch);
    List<Grid> grids = network.grids(points);
    LatencyTable table = present(listener).orElseGet(() -> LatencyTable.of(machine));
    LatencyTable before = table;
    List<Grid> due = grids.stream().filter(grid -> again || !before.covers(grid)).toList();
    for (int done = 0; done < due.size(); done++) {
      TimedLayer layer = due.get(done).layer();
      LayerTimes times = times(due.get(done));
      table = table.with(layer.key(), times);
      file.add(machine, layer.key(), times);
      listener.measured(
          layer.key(), times.at(layer.inputs(), layer.outputs()), done + 1, due.size());
    }
    LatencyTable after = table;
    long whole = network.cost(key -> after.layers().get(key)).dense();
    return new Result(machine, grids.size(), due.size(), whole);
  }

  private Optional<LatencyTable> present(Listener listener) {
    if (!file.exists()) {
      return Optional.empty();
    }
    try {
      LatencyTable table = file.read();
      if (table.machine().equals(machine)) {
        return Optional.of(table);
      }
      listener.startsAnew("a table of another machine: " + table.machine());
    } catch (IOException e) {
      listener.startsAnew(String.valueOf(e.getMessage()));
    }
    return Optional.empty();
  }

  private LayerTimes times(Grid grid) {
    List<List<Long>> rows = new ArrayList<>();
    for (int inputs : grid.inputs()) {
      List<Long> row = new ArrayList<>();
      for (int outputs : grid.outputs()) {
        row.add(clock.applyAsLong(grid.layer().narrowed(inputs, outputs)));
      }
      rows.add(row);
    }
    return new LayerTimes(grid.inputs(), grid.outputs(), rows);
  }
}
