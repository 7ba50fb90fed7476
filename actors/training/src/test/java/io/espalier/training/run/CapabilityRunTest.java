package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.HostEvent.AlertRaised;
import io.espalier.telemetry.event.RunEvent;
import io.espalier.telemetry.event.TrainingEvent;
import io.espalier.trainer.capability.EngineCapability;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that go on where the engine computes with other instructions. */
class CapabilityRunTest {
  private static final String NOWHERE = "127.0.0.1:1";
  private static final String ELSEWHERE = "sse2 (Another)";

  @TempDir private Path home;

  @Test
  void resumption_onAnotherCapability_goesOnWithAnAlert() throws IOException {
    DigitsRun run = DigitsRun.of(home, "train.checkpoint-every=5");
    Path out = stopped(run);
    move(out);
    List<Event> events = new CopyOnWriteArrayList<>();
    List<String> warnings = new CopyOnWriteArrayList<>();

    try (RunDirectory directory = RunDirectory.resume(out);
        RunSession session =
            RunSession.start(
                new RunSession.Request(
                    run.run(),
                    run.recipe().text(),
                    directory,
                    home,
                    Optional.empty(),
                    events::add,
                    notice -> {},
                    warnings::add))) {
      assertThat(session.await()).isInstanceOf(RunResult.Finished.class);
    }

    String text =
        "the run computes with other instructions than before, so its bits change: before=%s, here=%s"
            .formatted(ELSEWHERE, EngineCapability.current());
    assertThat(events)
        .filteredOn(AlertRaised.class::isInstance)
        .singleElement()
        .extracting(event -> ((AlertRaised) event).text())
        .asString()
        .startsWith(text);
    assertThat(warnings).anyMatch(warning -> warning.startsWith(text));
    assertThat(events)
        .filteredOn(RunEvent.Provenance.class::isInstance)
        .singleElement()
        .extracting(event -> (RunEvent.Provenance) event)
        .returns(Optional.of(EngineCapability.processor()), RunEvent.Provenance::processor)
        .returns(Optional.of(EngineCapability.current()), RunEvent.Provenance::capability);
  }

  @Test
  void resumption_onAnotherCapability_isRefusedIfTheRecipeSaysSo() throws IOException {
    DigitsRun run =
        DigitsRun.of(home, "train.checkpoint-every=5", "train.engine.capability-mismatch=refuse");
    Path out = stopped(run);
    move(out);

    assertThatThrownBy(() -> run.resume(out, home, NOWHERE))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("train.engine.capability-mismatch: the run must compute")
        .hasMessageContaining("before=" + ELSEWHERE);
  }

  private Path stopped(DigitsRun run) throws IOException {
    Path out = home.resolve("run");
    AtomicReference<RunSession> running = new AtomicReference<>();
    try (RunDirectory directory = RunDirectory.create(out, run.recipe().text());
        RunSession session =
            RunSession.start(
                run.request(directory, home, NOWHERE, event -> stopAfterASync(event, running)))) {
      running.set(session);
      assertThat(session.await()).isInstanceOf(RunResult.Paused.class);
    }
    return out;
  }

  private static void stopAfterASync(Event event, AtomicReference<RunSession> running) {
    if (event instanceof TrainingEvent.SyncCompleted && running.get() != null) {
      running.get().pause();
    }
  }

  /** Has all checkpoints say that they come from a machine with other instructions. */
  private static void move(Path run) throws IOException {
    StoredManifests.change(
        run,
        manifest -> {
          assertThat(manifest.get("capability").asText()).isEqualTo(EngineCapability.current());
          manifest.put("capability", ELSEWHERE);
        });
  }
}
