package io.espalier.cli;

import static io.espalier.service.client.ScriptedService.cut;
import static io.espalier.service.client.ScriptedService.json;
import static io.espalier.service.client.ScriptedService.problem;
import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.service.client.ScriptedService;
import io.espalier.service.client.Statuses;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.EventJson;
import io.espalier.telemetry.event.FederationEvent.FederationDescribed;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.event.TrainingEvent.EvaluationCompleted;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code espalier watch}, and {@code submit --watch}. */
class WatchCommandTest {
  private static final String RUN = "GET /v1/runs/pear-1";
  private static final String SUBMIT = "POST /v1/runs";
  private static final String END = "event: end\ndata: {}\n\n";

  @TempDir private Path directory;
  private ScriptedCommands commands;
  private ScriptedService service;

  @BeforeEach
  void start() throws IOException {
    commands = ScriptedCommands.in(directory);
    service = commands.service();
  }

  @AfterEach
  void stop() {
    commands.close();
  }

  @Test
  void watch_brokenConnections_showsProgressOnceAndTheResult() {
    // Given
    service.on(
        RUN,
        json(200, Statuses.status("pear-1", "queued", "\"waitsFor\":\"2 of 2 cores\"")),
        json(200, Statuses.status("pear-1", "queued", "\"waitsFor\":\"2 of 2 cores\"")),
        problem(503, "a node takes over"),
        json(200, Statuses.status("pear-1", "finished", "\"accuracy\":0.9,\"sparsity\":0.8")));
    String past =
        lines(
            1,
            new RunStarted("pear", 1, 2, 500, 10, 1_000, 100, 0.9),
            new SyncCompleted(250, 1, 1, 1, 2, 0, 0, "d", 0),
            new MasksUpdated(250, 1, 0.8, 0.79, 21, List.of(), 0.01),
            new RunResumed(2, 250));
    String rest =
        lines(
            5,
            new SyncCompleted(500, 1, 1, 1, 2, 0, 0, "d", 0),
            new EvaluationCompleted(500, 1, "test", "final", 0.9, 0.1, 100, 0));
    service.on(
        RUN + "/events",
        problem(404, "none yet"),
        cut(past + "id: 5\nevent: t\ndata: {"),
        json(200, rest + END));

    // When
    CommandRun run = commands.espalier("watch", "pear-1");

    // Then
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines())
        .containsSubsequence(
            "queued    2 of 2 cores",
            "attempt   2, from step 250",
            "100%  500/500  loss –  test 90.00%  sparsity 79.0/79.0%  ETA 0:00  125/s",
            "result    accuracy 90.00% on the test set at 80.00% sparsity")
        .filteredOn(line -> line.startsWith("attempt"))
        .hasSize(1);
  }

  @Test
  void watch_languageModel_printsBitsPerCharacter() {
    service.on(RUN, json(200, Statuses.status("pear-1", "finished", "")));
    double natsOfABit = Math.log(2);
    service.on(
        RUN + "/events",
        json(
            200,
            lines(
                    1,
                    new RunStarted(
                        "pear", 1, 1, 10, 10, 1_000, 100, 0.9, List.of(), OptionalDouble.of(2)),
                    new StepsMeasured(
                        0, 1, List.of(4 * natsOfABit), List.of(0.5), 0.1, 1, 1, Optional.empty()),
                    new SyncCompleted(10, 1, 1, 1, 2, 0, 0, "d", 0))
                + END));

    CommandRun run = commands.espalier("watch", "pear-1");

    assertThat(run.out()).contains("10/10  bits 2.000  ").doesNotContain("loss");
  }

  @Test
  void watch_failedRun_saysWhyAndHowToGoOn() {
    service.on(RUN, json(200, Statuses.status("pear-1", "failed", "\"cause\":\"disk full\"")));
    service.on(RUN + "/events", json(200, END));

    CommandRun run = commands.espalier("watch", "pear-1");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("failed    at step 120: disk full", "espalier resume pear-1");
  }

  @Test
  void watch_federation_printsItsRounds() {
    service.on(RUN, json(200, Statuses.status("pear-1", "finished", "")));
    service.on(
        RUN + "/events",
        json(
            200,
            lines(
                    1,
                    new RunStarted("pear", 1, 1, 3, 1, 1_000, 100, 0.9),
                    new FederationDescribed("fedavg", 3, 2, 1, 1, 1, "float16", List.of()),
                    new RoundCompleted(
                        "1",
                        "ordinary",
                        1,
                        2,
                        2,
                        0,
                        0,
                        0,
                        100,
                        OptionalDouble.of(0.5),
                        1000,
                        2000,
                        30000,
                        0,
                        0,
                        0,
                        1.5,
                        0.1),
                    new EvaluationCompleted(1, 0, "test", "regular", 0.7, 0.5, 100, 0))
                + END));

    CommandRun run = commands.espalier("watch", "pear-1");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines())
        .contains("round 1/3  2/2  loss 0.500  accuracy 70.00%  0.00 MB")
        .noneMatch(line -> line.contains("  ETA "));
  }

  @Test
  void watch_serviceOfAnEarlierVersion_understandsItsStates() {
    service.on(RUN, json(200, Statuses.status("pear-1", "completed", "")));
    service.on(RUN + "/events", json(200, END));

    CommandRun run = commands.espalier("watch", "pear-1");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("result ");
  }

  @Test
  void watch_json_printsEventsOnly() {
    service.on(RUN, json(200, Statuses.status("pear-1", "finished", "")));
    service.on(RUN + "/events", json(200, ScriptedService.events(1, 3) + END));

    CommandRun run = commands.espalier("watch", "pear-1", "--json");

    assertThat(run.out()).isEqualTo("{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n");
    assertThat(run.err()).startsWith("result ");
  }

  @Test
  void submit_watch_followsTheRun() {
    service.on(SUBMIT, json(201, Statuses.status("pear-1", "running", "")));
    service.on(RUN, json(200, Statuses.status("pear-1", "finished", "")));
    service.on(RUN + "/events", json(200, END));

    CommandRun run = commands.espalier("submit", "digits", "--watch");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("run       pear-1\nrunning ").contains("\nresult ");
  }

  /** Events a second apart, as the service sends them. */
  private static String lines(int first, Event... events) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < events.length; i++) {
      int number = first + i;
      Envelope envelope =
          Envelope.of(
              new RunId("pear-1"), number, 1, Instant.ofEpochSecond(1_000 + number), events[i]);
      text.append("id: %d\nevent: t\ndata: ".formatted(number))
          .append(new String(EventJson.line(envelope), StandardCharsets.UTF_8))
          .append("\n\n");
    }
    return text.toString();
  }
}
