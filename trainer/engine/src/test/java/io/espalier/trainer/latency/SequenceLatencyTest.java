package io.espalier.trainer.latency;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.GranularityConfig.Channel.Scope;
import io.espalier.configs.ModelConfig.Pooling;
import io.espalier.configs.ModelConfig.TinyVit;
import io.espalier.masks.structure.Cost;
import io.espalier.trainer.engine.timing.LayerClock;
import io.espalier.trainer.latency.LatencyTable.MachineProfile;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.NetworkGroups;
import io.espalier.trainer.network.NetworkGroups.Pruning;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Latencies of layers that read sequences, and of whole layers. */
final class SequenceLatencyTest {
  private static final MachineProfile HERE =
      new MachineProfile("cpu", 2, "Linux amd64", "engine 1", 1);
  private static final Network NETWORK =
      Network.of(new TinyVit(2, 2, 8, 2, 12, Pooling.MEAN), new ImageShape(1, 8, 8), 3);

  @TempDir private Path home;

  private Cost cost(NetworkGroups groups, int[] measured) throws IOException {
    Profiler profiler =
        new Profiler(
            LatencyFile.of(home),
            HERE,
            layer -> {
              measured[0]++;
              assertThat(layer.network().outputs()).isPositive();
              return layer.couples() ? layer.outputs() : (long) layer.inputs() * layer.outputs();
            });
    profiler.profile(
        groups,
        4,
        3,
        false,
        new Profiler.Listener() {
          @Override
          public void startsAnew(String reason) {}

          @Override
          public void measured(String layer, long nanoseconds, int done, int due) {}
        });
    return LatencyTable.of(groups, 4, home, HERE).cost(groups, 4);
  }

  /** Patches 1 × 8, positions nothing, a block 16 + 3 · 64 + 64 + 96 + 96, norm 8, output 8 × 3. */
  @Test
  void cost_ofATransformerWithoutABlock_isThatOfTheOtherLayers() throws IOException {
    NetworkGroups groups = NetworkGroups.of(NETWORK, new Pruning(Set.of(), Scope.BLOCKS, false));
    int[] measured = new int[1];

    Cost cost = cost(groups, measured);

    int block = 16 + 4 * 64 + 2 * 96;
    assertThat(cost.dense()).isEqualTo(8 + 2 * block + 8 + 24);
    assertThat(cost.of(List.of(1, 0, 1))).isEqualTo(8 + block + 8 + 24);
    assertThat(measured[0]).as("each layer at its own widths").isEqualTo(7);
  }

  @Test
  void clock_ofLayersOfASequence_takesTheirTime() {
    TimedNetwork timed =
        new TimedNetwork(
            NetworkGroups.of(NETWORK, new Pruning(Set.of(), Scope.SUBLAYERS, false)), 2);
    LayerClock clock = new LayerClock(new AtomicLong()::incrementAndGet);

    assertThat(timed.grids(1)).allMatch(grid -> clock.nanoseconds(grid.layer()) == 1);
  }
}
