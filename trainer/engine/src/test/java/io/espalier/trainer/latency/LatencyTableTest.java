package io.espalier.trainer.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.masks.structure.Cost;
import io.espalier.masks.structure.Group;
import io.espalier.trainer.engine.timing.LayerClock;
import io.espalier.trainer.latency.LatencyTable.MachineProfile;
import io.espalier.trainer.network.Activation;
import io.espalier.trainer.network.Activation.Function;
import io.espalier.trainer.network.BatchNorm;
import io.espalier.trainer.network.Convolution;
import io.espalier.trainer.network.GlobalAveragePool;
import io.espalier.trainer.network.GroupNorm;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Linear;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.NetworkGroups;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LatencyTableTest {
  private static final MachineProfile HERE =
      new MachineProfile("cpu A", 2, "Linux amd64", "engine 1", 1);
  private static final MachineProfile OTHER =
      new MachineProfile("cpu B", 2, "Linux amd64", "engine 1", 1);

  private static final Profiler.Listener SILENT =
      new Profiler.Listener() {
        @Override
        public void startsAnew(String reason) {}

        @Override
        public void measured(String layer, long nanoseconds, int done, int due) {}
      };

  @TempDir private Path home;
  private final List<TimedLayer> measured = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();

  /** A convolution, norm, depth-wise one, and a linear layer after pooling, of 6 channels. */
  private static NetworkGroups network() {
    Network network =
        Network.of(
            new ImageShape(1, 8, 8),
            List.of(
                node("conv", new Convolution(6, 3, 1, 1, 1, false), Network.INPUT),
                node("norm", new BatchNorm(Layer.EPSILON), "conv"),
                node("relu", new Activation(Function.RELU), "norm"),
                node("depthwise", new Convolution(6, 3, 1, 1, 6, false), "relu"),
                node("pool", new GlobalAveragePool(), "depthwise"),
                node("output", new Linear(3, true), "pool")));
    return NetworkGroups.of(network);
  }

  private static GraphNode node(String name, Layer layer, String input) {
    return new GraphNode(name, layer, List.of(input));
  }

  /** As long as a layer has inputs times outputs, a norm as long as it has channels. */
  private long time(TimedLayer layer) {
    measured.add(layer);
    return layer.couples() ? layer.outputs() : (long) layer.inputs() * layer.outputs();
  }

  private Profiler.Result profile(MachineProfile machine, boolean again) throws IOException {
    return new Profiler(LatencyFile.of(home), machine, this::time)
        .profile(
            network(),
            32,
            2,
            again,
            new Profiler.Listener() {
              @Override
              public void startsAnew(String reason) {
                notices.add(reason);
              }

              @Override
              public void measured(String layer, long nanoseconds, int done, int due) {
                notices.add(done + "/" + due + " " + nanoseconds);
              }
            });
  }

  private Cost cost() {
    return cost(32);
  }

  private Cost cost(int batch) {
    return LatencyTable.of(network(), batch, home, HERE).cost(network(), batch);
  }

  private LatencyTable ofRun(Path run) {
    return LatencyTable.of(network(), 32, home, Optional.of(run));
  }

  private Path copy(LatencyTable table) throws IOException {
    Path run = Files.createDirectories(home.resolve("run"));
    Files.writeString(run.resolve(LatencyTable.FILE), table.json());
    return run;
  }

  @Test
  void of_aRunWithACopy_readsItOnAnyMachineAndWithoutATableInTheHome() throws IOException {
    profile(OTHER, false);
    LatencyTable table = LatencyTable.of(network(), 32, home, OTHER);
    Path run = copy(table);
    Files.delete(home.resolve("latency.json"));

    assertThat(ofRun(run)).isEqualTo(table);
    assertThat(ofRun(run).cost(network(), 32).dense()).isEqualTo(36);
  }

  @Test
  void of_aRunWithoutACopy_readsThisMachinesTable() throws IOException {
    profile(MachineProfile.here(), false);

    assertThat(ofRun(home.resolve("run")))
        .isEqualTo(LatencyTable.of(network(), 32, home, MachineProfile.here()));
  }

  @Test
  void of_aRunsCopyThatIsDamagedOrLacksLayers_isRefusedThoughTheHomeHasATable() throws IOException {
    profile(MachineProfile.here(), false);
    Path run = copy(LatencyTable.of(HERE));
    assertThatThrownBy(() -> ofRun(run))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("must have a table with all layers")
        .hasMessageContaining("run/latency.json")
        .hasMessageContaining("restore the run's copy, or start a new run");

    Files.writeString(run.resolve(LatencyTable.FILE), "{");

    assertThatThrownBy(() -> ofRun(run))
        .hasMessageContaining("a table must be whole")
        .hasMessageContaining("restore the run's copy, or start a new run");
  }

  @Test
  void cost_byAProfile_isTheSumOfItsLayers() throws IOException {
    Profiler.Result result = profile(HERE, false);

    assertThat(result.layers()).isEqualTo(4);
    assertThat(result.nanoseconds()).isEqualTo(6 + 6 + 6 + 18);
    assertThat(notices).containsExactly("1/4 6", "2/4 6", "3/4 6", "4/4 18");
    Group hidden = network().groups().all().get(1);
    assertThat(hidden.isPrunable()).isTrue();
    assertThat(cost().dense()).isEqualTo(36);
    assertThat(cost().of(List.of(1, 2, 3))).isEqualTo(2 + 2 + 2 + 6);
    assertThat(cost().ofChannel(hidden)).isEqualTo(6);
  }

  @Test
  void profile_measuresOnlySidesThatMayLoseChannels() throws IOException {
    profile(HERE, false);

    assertThat(measured.stream().map(layer -> layer.inputs() + "→" + layer.outputs()))
        .containsExactly(
            "1→1", "1→3", "1→6", "1→1", "3→3", "6→6", "1→1", "3→3", "6→6", "1→3", "3→3", "6→3");
    assertThat(measured.get(6).layer()).isEqualTo(new Convolution(1, 3, 1, 1, 1, false));
  }

  @Test
  void profile_ofWhatTheTableHas_measuresNothing_unlessItIsToldTo() throws IOException {
    profile(HERE, false);
    byte[] table = Files.readAllBytes(home.resolve("latency.json"));
    measured.clear();

    assertThat(profile(HERE, false).measured()).isZero();
    assertThat(measured).isEmpty();
    assertThat(profile(HERE, true).measured()).isEqualTo(4);
    assertThat(Files.readAllBytes(home.resolve("latency.json"))).isEqualTo(table);
  }

  @Test
  void profile_thatWasStopped_goesOnWhereItWas() throws IOException {
    // Given
    Profiler stopped =
        new Profiler(
            LatencyFile.of(home),
            HERE,
            layer -> {
              if (measured.size() == 7) {
                throw new IllegalStateException("stopped");
              }
              return time(layer);
            });
    assertThatThrownBy(() -> stopped.profile(network(), 32, 2, false, SILENT))
        .hasMessage("stopped");

    // When
    Profiler.Result result = profile(HERE, false);

    // Then
    assertThat(result.measured()).isEqualTo(2);
    assertThat(cost().dense()).isEqualTo(36);
  }

  /** What the second profile adds while the first one measures stays, and so does the first's. */
  @Test
  void profile_besideAnother_keepsTheLayersOfBoth() throws IOException {
    // Given a profile in whose midst another one begins and ends
    Profiler inner = new Profiler(LatencyFile.of(home), HERE, this::time);
    boolean[] begun = {false};
    Profiler outer =
        new Profiler(
            LatencyFile.of(home),
            HERE,
            layer -> {
              if (!begun[0]) {
                begun[0] = true;
                profiled(inner, 64);
              }
              return time(layer);
            });

    // When
    profiled(outer, 32);

    // Then the table has the layers of both
    assertThat(cost(32).dense()).isEqualTo(36);
    assertThat(cost(64).dense()).isEqualTo(36);
  }

  @Test
  void profiles_atTheSameTime_loseNothing() throws Exception {
    // Given two that write their layers, of other batches each, as fast as they can
    List<Integer> even = List.of(2, 4, 6, 8, 10, 12, 14, 16);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    CyclicBarrier start = new CyclicBarrier(2);
    try {
      List<Future<?>> both = new ArrayList<>();
      for (int odd : List.of(0, 1)) {
        Profiler profiler = new Profiler(LatencyFile.of(home), HERE, layer -> layer.outputs());
        both.add(
            threads.submit(
                () -> {
                  start.await();
                  even.forEach(batch -> profiled(profiler, batch + odd));
                  return true;
                }));
      }

      // When both are done
      for (Future<?> each : both) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }

    // Then no layer is missing
    for (int batch = 2; batch <= 17; batch++) {
      assertThat(cost(batch).dense()).isEqualTo(6 + 6 + 6 + 3);
    }
  }

  private static void profiled(Profiler profiler, int batch) {
    try {
      var unused = profiler.profile(network(), batch, 2, false, SILENT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void cost_withoutATable_isRefusedWithTheWayOut() {
    assertRefused("must have a table of latencies", "espalier profile");
  }

  @Test
  void cost_byATableOfAnotherMachine_isRefused_andAProfileReplacesIt() throws IOException {
    profile(OTHER, false);

    assertRefused("must have a table of this machine", "cpu B");
    profile(HERE, false);
    assertThat(notices).anyMatch(notice -> notice.startsWith("a table of another machine"));
    assertThat(cost().dense()).isEqualTo(36);
  }

  @Test
  void cost_byADamagedTable_isRefused_andAProfileReplacesIt() throws IOException {
    profile(HERE, false);
    String whole = Files.readString(home.resolve("latency.json"));
    for (String damaged :
        List.of(
            whole.substring(0, whole.length() / 2),
            whole.replace("\"cores\" : 2,", ""),
            whole.replace("\"format\" : 1", "\"format\" : 2"),
            whole.replace("[ 1, 3, 6 ]", "[ 3, 1, 6 ]"),
            whole + "{}",
            "null",
            "")) {
      Files.writeString(home.resolve("latency.json"), damaged);
      assertRefused("must have a table that can be read", "latency.json");
    }

    profile(HERE, false);

    assertThat(cost().dense()).isEqualTo(36);
  }

  @Test
  void cost_ofLayersThatTheTableLacks_isRefused() throws IOException {
    profile(HERE, false);

    assertThatThrownBy(() -> cost(64))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("missing=4, the first=Convolution[outputs=6")
        .hasMessageContaining("batch 64, first");
  }

  private void assertRefused(String... parts) {
    assertThatThrownBy(this::cost)
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContainingAll("prune.granularity.budget")
        .hasMessageContainingAll(parts);
  }

  @Test
  void clock_ofEachKindOfLayer_runsItForwardAndBackward() {
    long[] ticks = {0};
    LayerClock clock = new LayerClock(() -> ticks[0] += 1_000_000);

    for (TimedNetwork.Grid grid : new TimedNetwork(network(), 4).grids(2)) {
      for (int outputs : grid.outputs()) {
        assertThat(clock.nanoseconds(grid.layer().narrowed(grid.inputs().get(0), outputs)))
            .isEqualTo(1_000_000);
      }
    }
    assertThat(ticks[0]).isPositive();
  }

  /** Groups of two channels, which go together. */
  private static NetworkGroups groupNorm() {
    Network network =
        Network.of(
            new ImageShape(1, 8, 8),
            List.of(
                node("conv", new Convolution(6, 3, 1, 1, 1, false), Network.INPUT),
                node("norm", new GroupNorm(3, 0.1f), "conv"),
                node("pool", new GlobalAveragePool(), "norm"),
                node("output", new Linear(3, true), "pool")));
    return NetworkGroups.of(network);
  }

  @Test
  void grids_ofAGroupNorm_areOfWholeGroups_withTheNormOfThatWidth() {
    TimedNetwork.Grid norm = new TimedNetwork(groupNorm(), 4).grids(3).get(1);
    LayerClock clock = new LayerClock(System::nanoTime);

    assertThat(norm.outputs()).containsExactly(2, 4, 6);
    assertThat(norm.inputs()).containsExactly(6);
    TimedLayer narrow = norm.layer().narrowed(6, 4);
    assertThat(narrow.layer()).isEqualTo(new GroupNorm(2, 0.1f));
    assertThat(narrow.inputs()).isEqualTo(4);
    assertThat(narrow.couples()).isTrue();
    assertThat(clock.nanoseconds(narrow)).isPositive();
  }

  @Test
  void machine_hasTheNameOfItsProcessor_orElseItsArchitecture() throws IOException {
    Path cpus = Files.writeString(home.resolve("cpuinfo"), "processor : 0\nmodel name\t: Fast 9\n");

    assertThat(MachineProfile.cpu(cpus, "amd64")).isEqualTo("Fast 9");
    assertThat(MachineProfile.cpu(home.resolve("none"), "aarch64")).isEqualTo("aarch64");
    assertThat(MachineProfile.here()).isEqualTo(MachineProfile.here());
  }
}
