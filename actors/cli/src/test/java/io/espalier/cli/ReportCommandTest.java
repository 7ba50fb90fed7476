package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.telemetry.event.RunEvent.RunStarted;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.outbox.Outbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
  @TempDir private Path directory;

  @Test
  void report_unfinishedRun_isWrittenAndNamed() throws IOException {
    Path run = run("pear");

    CommandRun command = CommandRun.of("report", run.toString());

    assertThat(command.exitCode()).isZero();
    assertThat(command.out().strip()).isEqualTo("report    " + run.resolve("report.html"));
    assertThat(run.resolve("report.html"))
        .content()
        .contains("<title>pear – Espalier report</title>", "\"state\":\"running\"");
  }

  @Test
  void report_finishedRun_takesItsSummary() throws IOException {
    Path run = run("pear");
    Files.writeString(run.resolve("summary.json"), "{\"accuracy\": 0.875}");

    CommandRun.of("report", run.toString());

    assertThat(run.resolve("report.html")).content().contains("\"summary\":{\"accuracy\":0.875}");
  }

  @Test
  void report_compared_showsBoth() throws IOException {
    Path run = run("pear");
    Path dense = run("plum");

    CommandRun command = CommandRun.of("report", run.toString(), "--compare", dense.toString());

    assertThat(command.exitCode()).isZero();
    assertThat(run.resolve("report.html"))
        .content()
        .contains("\"compared\":{\"subject\":\"run:plum\"");
  }

  @Test
  void report_directoryWithoutRun_isRefused() throws IOException {
    CommandRun nothing = CommandRun.of("report", directory.toString());
    CommandRun compared =
        CommandRun.of("report", run("pear").toString(), "--compare", directory.toString());
    CommandRun trained = CommandRun.of("train", "digits", "--compare", directory.toString());

    for (CommandRun refused : new CommandRun[] {nothing, compared, trained}) {
      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.err()).contains("must have an events.jsonl", "directory=" + directory);
    }
  }

  @Test
  void report_comparedEventsThatCannotBeRead_areRefusedBeforeAnyWork() throws IOException {
    Path broken = run("plum");
    Files.delete(broken.resolve("events.jsonl"));
    Files.createDirectory(broken.resolve("events.jsonl"));
    Path target = directory.resolve("new");

    CommandRun compared =
        CommandRun.of("report", run("pear").toString(), "--compare", broken.toString());
    CommandRun trained =
        CommandRun.of(
            "train", "digits", "--compare", broken.toString(), "--out", target.toString());

    for (CommandRun refused : new CommandRun[] {compared, trained}) {
      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.err()).contains("directory=" + broken);
    }
    assertThat(target).doesNotExist();
  }

  @Test
  void report_ofADamagedLine_comparesTheOthers() throws IOException {
    Path damaged = run("plum");
    Path events = damaged.resolve("events.jsonl");
    Files.writeString(events, "no event\n" + Files.readString(events));

    CommandRun compared =
        CommandRun.of("report", run("pear").toString(), "--compare", damaged.toString());

    assertThat(compared.err()).isEmpty();
    assertThat(compared.exitCode()).isZero();
  }

  @Test
  void report_brokenSummary_isRefused() throws IOException {
    Path run = run("pear");
    Files.writeString(run.resolve("summary.json"), "{");

    CommandRun command = CommandRun.of("report", run.toString());

    assertThat(command.exitCode()).isEqualTo(2);
    assertThat(command.err()).contains("must be a JSON object", "summary.json");
  }

  @Test
  void report_summaryThatIsNull_isRefused() throws IOException {
    Path run = run("pear");
    Files.writeString(run.resolve("summary.json"), "null");

    CommandRun command = CommandRun.of("report", run.toString());

    assertThat(command.exitCode()).isEqualTo(2);
    assertThat(command.err()).contains("must be a JSON object", "summary.json");
  }

  /** What is written beside the report goes to a device that is always full. */
  @Test
  void report_onAFullDisk_failsAsEveryCommand() throws IOException {
    Path run = run("pear");
    Files.createSymbolicLink(run.resolve("report.html.part"), Path.of("/dev/full"));

    CommandRun command = CommandRun.of("report", run.toString());

    assertThat(command.exitCode()).isEqualTo(1);
    assertThat(command.err()).contains("No space left", "make room").doesNotContain("unexpected");
    assertThat(run.resolve("report.html")).doesNotExist();
  }

  private Path run(String name) throws IOException {
    Path run = directory.resolve(name);
    try (Outbox outbox = Outbox.open(run, new RunId(name), Clock.systemUTC())) {
      outbox.append(new RunStarted(name, 1, 2, 100, 10, 1_000, 100, 0.9));
    }
    return run;
  }
}
