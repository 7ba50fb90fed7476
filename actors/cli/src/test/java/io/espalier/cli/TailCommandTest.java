package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.telemetry.event.EventJson;
import io.espalier.telemetry.event.HostEvent.AlertRaised;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import io.espalier.telemetry.event.RunEvent.RunStopped;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.outbox.Outbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TailCommandTest {
  @TempDir private Path directory;

  @BeforeEach
  void writeTwoEvents() throws IOException {
    Path run = Files.createDirectory(directory.resolve("pear"));
    Clock clock = Clock.fixed(Instant.parse("2026-01-02T03:04:05.006Z"), ZoneOffset.UTC);
    try (Outbox outbox = Outbox.open(run, new RunId("pear"), clock)) {
      outbox.append(new RunStarted("pear", 1, 2, 100, 10, 1_000, 100, 0.9));
      outbox.append(new RunStopped(1, 40, "Ctrl-C"));
    }
  }

  @Test
  void tail_directory_readsItsOutbox() {
    CommandRun run = CommandRun.of("tail", directory.resolve("pear").toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines())
        .containsExactly(
            "03:04:05.006 run        RunStarted          pear · attempt 1 · 2 trainers · 100 steps"
                + " · 1000 prunable units to sparsity 90.00%",
            "03:04:05.006 run        RunStopped          at step 40 · paused · Ctrl-C");
  }

  @Test
  void tail_taggedRunWithAnAlert_showsBoth() throws IOException {
    Path run = Files.createDirectory(directory.resolve("plum"));
    try (Outbox outbox = Outbox.open(run, new RunId("plum"), Clock.systemUTC())) {
      outbox.append(new RunStarted("plum", 1, 2, 100, 10, 1_000, 100, 0.9, List.of("baseline")));
      outbox.append(new AlertRaised(AlertRaised.DISK_LOW, 40, "200 MB are free"));
    }

    List<String> lines = CommandRun.of("tail", run.toString()).out().lines().toList();

    assertThat(lines.get(0)).endsWith("to sparsity 90.00% · tags baseline");
    assertThat(lines.get(1))
        .endsWith("AlertRaised         at step 40 · disk-low · 200 MB are free");
  }

  @Test
  void tail_json_printsEnvelopesThatReadBack() throws IOException {
    CommandRun run = CommandRun.of("tail", "--json", directory.resolve("pear").toString());

    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(EventJson.envelope(lines.get(1).getBytes(StandardCharsets.UTF_8)).key())
        .isEqualTo("pear");
  }

  @Test
  void tail_unknownRunWithoutBroker_isRefused() {
    CommandRun run = CommandRun.of("tail", "plum");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("run=plum", "--kafka");
  }

  @Test
  void tail_directoryWithoutEvents_isRefused() {
    CommandRun run = CommandRun.of("tail", directory.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("must hold events.jsonl");
  }

  @Test
  void tail_neitherDirectoryNorName_isRefused() {
    CommandRun run = CommandRun.of("tail", "no such run!");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("RUN must be a run directory, or the id or name of a run");
  }
}
