package io.espalier.trainer.latency;

import io.espalier.trainer.latency.TimedNetwork.Grid;
import io.espalier.trainer.network.group.NetworkGroups;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Measures the layers of a network that this machine's table lacks. The table is written after each
 * layer, so that a profile that was stopped goes on where it was, and one beside it keeps its own.
 */
public final class Profiler {
  private final LatencyFile file;
  private final MachineProfile machine;
  private final LayerMeasure measure;

  /** Is told how a profile goes on. */
  public interface Listener {
    /** What was found instead of this machine's whole table, and is replaced. */
    void startsAnew(String reason);

    /**
     * A layer was measured.
     *
     * @param layer what it is
     * @param nanoseconds that it takes with all its channels
     * @param done layers that this profile has measured
     * @param due layers that it has to
     */
    void measured(String layer, long nanoseconds, int done, int due);
  }

  /**
   * How a profile ended.
   *
   * @param layers different ones of the network
   * @param measured those that were measured now
   * @param nanoseconds latency of the whole network
   */
  public record Result(MachineProfile machine, int layers, int measured, long nanoseconds) {}

  Profiler(LatencyFile file, MachineProfile machine, LayerMeasure measure) {
    this.file = file;
    this.machine = machine;
    this.measure = measure;
  }

  /** A profiler of this machine. */
  public static Profiler here(LatencyFile file) {
    return new Profiler(file, MachineProfile.here(), new LayerClock(System::nanoTime));
  }

  /**
   * Measures.
   *
   * @param batch examples of a training step
   * @param points widths of a side that may lose channels, beside that of a single one; 1 or more
   * @param again whether layers that the table has are measured too
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
        row.add(measure.nanoseconds(grid.layer().narrowed(inputs, outputs)));
      }
      rows.add(row);
    }
    return new LayerTimes(grid.inputs(), grid.outputs(), rows);
  }
}
