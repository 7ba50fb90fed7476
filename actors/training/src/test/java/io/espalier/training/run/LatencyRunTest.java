package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.file.Json;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.TrainingEvent;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.latency.LatencyTable;
import io.espalier.trainer.latency.Profiler;
import io.espalier.trainer.network.NetworkGroups;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs with a budget of latency resume with the table that they began with. */
class LatencyRunTest {
  private static final String NOWHERE = "127.0.0.1:1";

  @TempDir private Path directory;
  private Path home;
  private Path out;
  private ResolvedRecipe recipe;
  private FinishedRun loop;

  /** Nanoseconds of a layer by its widths. */
  private interface LayerTime {
    long of(int inputs, int outputs);
  }

  @BeforeEach
  void profile() throws IOException {
    home = Files.createDirectories(directory.resolve("home"));
    out = directory.resolve("run");
    recipe = recipe("latency");
    measure(LatencyRunTest::byWeights);
    loop = TrainingLoop.run(prepare(DataHome.of(home)), LoopListener.NONE);
  }

  private static ResolvedRecipe recipe(String budget) {
    return new RecipeLoader()
        .load(
            "digits",
            List.of(
                "train.epochs=30",
                "train.sync-every=5",
                "train.checkpoint-every=20",
                "prune.sparsity=40%",
                "prune.granularity={kind=channel,budget=%s}".formatted(budget),
                "prune.schedule={kind=cubic,begin=10%,end=60%,updates=6}"));
  }

  private static long byWeights(int inputs, int outputs) {
    return (long) inputs * outputs;
  }

  private static long byInputs(int inputs, int outputs) {
    return 1_000L * inputs * inputs + outputs;
  }

  private PreparedRun prepare(DataHome data) {
    return PreparedRun.of(recipe.config(), data);
  }

  /** A table of this machine with all layers, whose times are a function of their widths. */
  private void measure(LayerTime time) throws IOException {
    ResolvedRecipe plain = recipe("macs");
    PreparedRun run = PreparedRun.of(plain.config(), DataHome.of(home));
    Profiler.here(home)
        .profile(
            NetworkGroups.of(run.network()),
            plain.config().data().batchSize(),
            4,
            false,
            new Profiler.Listener() {
              @Override
              public void startsAnew(String reason) {}

              @Override
              public void measured(String layer, long nanoseconds, int done, int due) {}
            });
    Path file = home.resolve(LatencyTable.FILE);
    JsonNode table = Json.LENIENT.readTree(file.toFile());
    table.path("layers").forEach(layer -> replace((ObjectNode) layer, time));
    Files.writeString(file, Json.LENIENT.writeValueAsString(table));
  }

  private static void replace(ObjectNode layer, LayerTime time) {
    ArrayNode rows = layer.putArray("nanoseconds");
    for (JsonNode inputs : layer.path("inputs")) {
      ArrayNode row = rows.addArray();
      layer.path("outputs").forEach(each -> row.add(time.of(inputs.intValue(), each.intValue())));
    }
  }

  private RunSession.Request request(
      PreparedRun run, RunDirectory at, Path in, Consumer<Event> observer) {
    return new RunSession.Request(
        run,
        recipe.text(),
        at,
        in,
        Optional.of(BrokerAccess.of(NOWHERE)),
        observer,
        notice -> {},
        warning -> {});
  }

  /** Starts a run and stops it after {@code step} steps. */
  private void stopAfter(long step) throws IOException {
    AtomicReference<RunSession> running = new AtomicReference<>();
    try (RunDirectory at = RunDirectory.create(out, recipe.text());
        RunSession session =
            RunSession.start(
                request(
                    prepare(DataHome.of(home)),
                    at,
                    home,
                    event -> {
                      if (event instanceof TrainingEvent.SyncCompleted sync
                          && sync.step() >= step
                          && running.get() != null) {
                        running.get().pause();
                      }
                    }))) {
      running.set(session);
      assertThat(session.await()).isInstanceOf(RunResult.Paused.class);
    }
  }

  private RunResult resume(Path at, Path in) throws IOException {
    try (RunDirectory resumed = RunDirectory.resume(at);
        RunSession session =
            RunSession.start(
                request(
                    PreparedRun.toResume(recipe.config(), DataHome.of(in).ofRun(at)),
                    resumed,
                    in,
                    event -> {}))) {
      return session.await();
    }
  }

  private void assertSameBits(RunResult result) {
    assertThat(result).isInstanceOf(RunResult.Finished.class);
    assertThat(((RunResult.Finished) result).run().committed().digest())
        .isEqualTo(loop.committed().digest());
  }

  @Test
  void resume_directoryMovedToAHomeWithoutATable_givesTheSameBits() throws IOException {
    stopAfter(60);
    Path moved = Files.move(out, directory.resolve("moved"));

    assertSameBits(resume(moved, directory.resolve("another-home")));
  }

  @Test
  void resume_tableMeasuredAgain_givesTheSameBits() throws IOException {
    stopAfter(60);
    measure(LatencyRunTest::byInputs);
    assertThat(TrainingLoop.run(prepare(DataHome.of(home)), LoopListener.NONE).committed().digest())
        .as("the new table chooses other channels")
        .isNotEqualTo(loop.committed().digest());

    assertSameBits(resume(out, home));
  }

  @Test
  void resume_runOfAnEarlierVersion_readsTheHomesTableAndThenKeepsIt() throws IOException {
    stopAfter(60);
    Files.delete(out.resolve(LatencyTable.FILE));

    assertSameBits(resume(out, home));
    assertThat(out.resolve(LatencyTable.FILE)).exists();
  }

  @Test
  void resume_runOfAnEarlierVersionAfterAnotherMeasurement_isRefused() throws IOException {
    stopAfter(60);
    Files.delete(out.resolve(LatencyTable.FILE));
    measure(LatencyRunTest::byInputs);

    assertThatThrownBy(() -> resume(out, home))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("must be that of the checkpoint to resume from it");
    assertThat(out.resolve(LatencyTable.FILE)).doesNotExist();
  }

  @Test
  void resume_copyChanged_isRefused() throws IOException {
    stopAfter(60);
    measure(LatencyRunTest::byInputs);
    Files.copy(
        home.resolve(LatencyTable.FILE),
        out.resolve(LatencyTable.FILE),
        StandardCopyOption.REPLACE_EXISTING);

    assertThatThrownBy(() -> resume(out, home))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("must be that of the checkpoint to resume from it");
  }

  @Test
  void resume_diedBeforeTheFirstCheckpoint_beginsAnewWithItsCopy() throws IOException {
    try (RunDirectory at = RunDirectory.create(out, recipe.text());
        RunSession abandoned =
            RunSession.start(request(prepare(DataHome.of(home)), at, home, event -> {}))) {
      assertThat(abandoned.startStep()).isZero();
    }
    Files.delete(home.resolve(LatencyTable.FILE));

    assertSameBits(resume(out, home));
  }
}
