package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.bench.chaos.RunFileComparison;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.HostEvent;
import io.espalier.telemetry.event.MaskEvent;
import io.espalier.telemetry.event.RawEnvelope;
import io.espalier.telemetry.event.RunEvent;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.event.TrainingEvent;
import io.espalier.telemetry.kafka.EmbeddedBroker;
import io.espalier.telemetry.outbox.LenientOutbox;
import io.espalier.telemetry.outbox.Outbox;
import io.espalier.telemetry.outbox.OutboxReader;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are full, or cannot be written. */
@Tag("slow")
class FullDiskTest {
  private static EmbeddedBroker broker;

  @TempDir private static Path shared;
  @TempDir private Path directory;
  private SmallDisk disk;
  private Path out;

  @BeforeAll
  static void startBroker() throws IOException {
    broker = EmbeddedBroker.start(shared.resolve("kafka"));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void mount() throws Exception {
    disk = SmallDisk.mount(directory.resolve("disk"), 4_096);
    out = directory.resolve("disk/run");
  }

  @AfterEach
  void unmount() throws Exception {
    if (disk != null) {
      disk.unmount();
    }
  }

  private DigitsRun run(String whenDiskFull) {
    return DigitsRun.of(
        shared,
        "train.epochs=8",
        "train.checkpoint-every=20",
        "train.when-disk-full=" + whenDiskFull,
        "prune.schedule={kind=cubic,begin=10%,end=50%,updates=6}");
  }

  @Test
  void full_stop_failsWithTheCauseAndResumesToTheSameBits() throws Exception {
    DigitsRun run = run("stop");

    RunResult result = execute(run, event -> at(event, 60, disk::fill));

    assertThat(((RunResult.Failed) result).cause())
        .containsAnyOf("the outbox must be writable", "a checkpoint must be written")
        .contains("No space left on device");
    disk.free();
    assertSameBits(run, run.resume(out, shared, broker.address()));
    assertGapFree();
  }

  @Test
  void full_continue_trainsOnAndTellsOfTheGap() throws Exception {
    DigitsRun run = run("continue");

    RunResult result =
        execute(
            run,
            event -> {
              at(event, 60, disk::fill);
              at(event, 120, disk::free);
            });

    assertSameBits(run, result);
    List<Event> told = assertGapFree();
    HostEvent.EventsLost lost =
        told.stream()
            .filter(HostEvent.EventsLost.class::isInstance)
            .map(HostEvent.EventsLost.class::cast)
            .findFirst()
            .orElseThrow();
    assertThat(lost.count()).isPositive();
    assertThat(lost.byTopic())
        .containsKey("espalier.metrics.v1")
        .doesNotContainKey("espalier.runs.v1");
    assertThat(lost.cause()).contains("No space left on device");
    assertThat(told).hasAtLeastOneElementOfType(RunEvent.RunFinished.class);
    int updates = run.run().plan().updates().size();
    assertThat(told)
        .as("masks updated in the gap")
        .filteredOn(MaskEvent.ParameterMaskState.class::isInstance)
        .map(event -> (MaskEvent.ParameterMaskState) event)
        .filteredOn(state -> state.maskVersion() == updates)
        .extracting(MaskEvent.ParameterMaskState::name)
        .containsExactlyElementsOf(run.run().prunableIds().stream().map(id -> id.name()).toList());
    assertThat(told)
        .filteredOn(MaskEvent.MasksUpdated.class::isInstance)
        .noneMatch(event -> ((MaskEvent.MasksUpdated) event).maskVersion() == updates);
  }

  @Test
  void full_continueToTheEnd_failsAndResumesFromTheLastCheckpoint() throws Exception {
    DigitsRun run = run("continue");

    RunResult result = execute(run, event -> at(event, 60, disk::fill));

    assertThat(((RunResult.Failed) result).cause())
        .contains("must be written", "No space left on device");
    disk.free();
    assertSameBits(run, run.resume(out, shared, broker.address()));
    assertGapFree();
  }

  @Test
  void tooSmallForACheckpoint_stop_saysSo() throws Exception {
    disk.resize(60);
    DigitsRun run = run("stop");

    RunResult result = execute(run, event -> {});

    assertThat(((RunResult.Failed) result).cause()).contains("No space left on device");
    disk.resize(4_096);
    assertSameBits(run, run.resume(out, shared, broker.address()));
  }

  @Test
  void roomForOneOfTwoStates_theOtherFollowsWithTheNextFlush() throws Exception {
    List<String> warnings = new ArrayList<>();
    try (Outbox outbox = Outbox.open(out, new RunId("run"), Clock.systemUTC())) {
      LenientOutbox lenient = new LenientOutbox(outbox, warnings::add);
      disk.fill();
      lenient.append(List.of(picture("first")));
      lenient.append(List.of(picture("second")));
      disk.free(4_096);
      assertThatThrownBy(lenient::flush).hasMessageContaining("No space left on device");

      disk.free();
      lenient.flush();
    }

    assertThat(assertGapFree()).containsExactly(picture("first"), picture("second"));
    assertThat(warnings).hasSize(1);
  }

  /** Takes most of a page of the disk. */
  private static MaskEvent.MaskPicture picture(String name) {
    return new MaskEvent.MaskPicture(
        name, 1, 1, MaskEvent.MaskPicture.WEIGHTS, 1, 1, "row", "column", 1, "A".repeat(3_000));
  }

  @Test
  void readOnly_isRefusedBeforeAnythingIsWritten() throws Exception {
    DigitsRun run = run("stop");
    RunDirectory.create(out, run.recipe().text()).close();
    disk.makeReadOnly();

    assertThatThrownBy(
            () -> RunDirectory.create(directory.resolve("disk/new"), run.recipe().text()))
        .isInstanceOf(InvalidRunDirectoryException.class)
        .hasMessageContaining("must be writable");
    assertThatThrownBy(() -> RunDirectory.resume(out))
        .isInstanceOf(InvalidRunDirectoryException.class)
        .hasMessageContaining("must be writable");
  }

  private RunResult execute(DigitsRun run, Consumer<Event> observer) throws IOException {
    try (RunDirectory at = RunDirectory.create(out, run.recipe().text());
        RunSession session =
            RunSession.start(run.request(at, shared, broker.address(), observer))) {
      return session.await();
    }
  }

  private interface Action {
    void run() throws IOException;
  }

  private static void at(Event event, long step, Action action) {
    if (event instanceof TrainingEvent.SyncCompleted sync && sync.step() == step) {
      try {
        action.run();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void assertSameBits(DigitsRun run, RunResult result) {
    assertThat(result).isInstanceOf(RunResult.Finished.class);
    assertThat(((RunResult.Finished) result).run().committed().digest())
        .isEqualTo(TrainingLoop.run(run.run(), LoopListener.NONE).committed().digest());
  }

  /** Returns what is told, each sequence having come after the one before it. */
  private List<Event> assertGapFree() throws IOException {
    List<RawEnvelope> lines = OutboxReader.readAll(out);
    assertThat(RunFileComparison.sequenceBreaks(lines)).isEmpty();
    List<Event> events = new ArrayList<>();
    for (RawEnvelope line : lines) {
      events.add(line.decode().orElseThrow().event());
    }
    return events;
  }
}
