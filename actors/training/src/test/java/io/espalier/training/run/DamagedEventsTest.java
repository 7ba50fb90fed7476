package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.EmbeddedBroker;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk loses a bit of the events of a run that is to go on. */
class DamagedEventsTest {
  private static final String SHORT = "prune.schedule={kind=cubic,begin=10%,end=50%,updates=6}";

  @TempDir private static Path shared;
  @TempDir private Path directory;

  private final List<String> warnings = new CopyOnWriteArrayList<>();

  @Test
  void resume_withADamagedLine_warnsAndEndsInTheSameBits() throws IOException {
    // Given
    DigitsRun run = DigitsRun.of(shared, SHORT, "train.epochs=60");
    FinishedRun loop = TrainingLoop.run(run.run(), LoopListener.NONE);
    Path out = directory.resolve("run");
    Path events = out.resolve("events.jsonl");
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"))) {
      AtomicReference<RunSession> running = new AtomicReference<>();
      try (RunDirectory at = RunDirectory.create(out, run.recipe().text());
          RunSession session =
              RunSession.start(
                  request(run, at, broker.address(), event -> stopAfter(30, event, running)))) {
        running.set(session);
        assertThat(session.await()).isInstanceOf(RunResult.Paused.class);
      }
      byte[] bytes = Files.readAllBytes(events);
      int second = new String(bytes, StandardCharsets.ISO_8859_1).indexOf('\n') + 1;
      bytes[second] ^= 4;
      Files.write(events, bytes);

      // When
      RunResult resumed;
      try (RunDirectory at = RunDirectory.resume(out);
          RunSession session = RunSession.start(request(run, at, broker.address(), event -> {}))) {
        resumed = session.await();
      }

      // Then
      assertThat(resumed).isInstanceOf(RunResult.Finished.class);
      RunResult.Finished finished = (RunResult.Finished) resumed;
      assertThat(finished.run().committed().digest()).isEqualTo(loop.committed().digest());
      assertThat(finished.leftToShip()).isEmpty();
      // A busy machine may add that the broker answered late.
      assertThat(warnings)
          .filteredOn(warning -> warning.contains("must be events"))
          .singleElement()
          .asString()
          .contains("lines that are none=1, offset of the first=" + second, "goes on unchanged");
      assertThat(out.resolve("report.html")).isNotEmptyFile();
    }
  }

  private RunSession.Request request(
      DigitsRun run, RunDirectory at, String broker, Consumer<Event> observer) {
    return new RunSession.Request(
        run.run(),
        run.recipe().text(),
        at,
        shared,
        Optional.of(BrokerAccess.of(broker)),
        observer,
        notice -> {},
        warnings::add);
  }

  private static void stopAfter(long step, Event event, AtomicReference<RunSession> running) {
    if (event instanceof SyncCompleted sync && sync.step() >= step && running.get() != null) {
      running.get().pause();
    }
  }
}
