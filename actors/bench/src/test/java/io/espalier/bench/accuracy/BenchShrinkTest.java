package io.espalier.bench.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A whole bench on the bundled digits: what it tells, not how much it is. */
@Tag("slow")
final class BenchShrinkTest {
  @TempDir private Path directory;

  @Test
  void benchShrink_ofSmallNetworks_tellsEachLine_andKeepsWhatIsThere() {
    assertThat(run("--rows", "dense,live-50")).contains("seed 42, turn 2: live-50 …");

    String again = run("--rows", "dense,live-50,random-75");

    assertThat(again).contains("turn 2: random-75").doesNotContain("turn 1: dense");
    assertThat(directory.resolve("table.md"))
        .content()
        .containsPattern("dense +\\| 1\\.00 \\| +1\\.00")
        .containsPattern("live-50 +\\| 0\\.[45]\\d")
        .containsPattern("random-75 +\\| 0\\.2\\d");
    assertThat(directory.resolve("results.jsonl")).content().hasLineCount(3);
  }

  @Test
  void benchShrink_stoppedBetweenTurns_goesOnWithThoseThatAreBehind() throws IOException {
    ShrinkTrial dense = trial("dense");
    try (BenchShrinkCommand.ShrinkProcess stopped =
        BenchShrinkCommand.ShrinkProcess.start(dense, dense.directory(directory))) {
      assertThat(stopped.turn()).isEmpty();
    }

    String out = run("--rows", "dense,live-50");

    assertThat(out).doesNotContain("turn 1: dense").contains("turn 1: live-50", "turn 2: dense");
    assertThat(directory.resolve("results.jsonl")).content().hasLineCount(2);
  }

  /** The cut lies at the end of the first turn, and its score is measured there. */
  @Test
  void benchShrink_measuredCutAtTheEndOfATurn_trainsOn_andKilledThereEndsWithTheSameBits()
      throws IOException {
    String row = "live-50-50-50-uniform";

    assertThat(run("--windows", "50", "--rows", "dense," + row)).contains("turn 2: " + row);

    assertThat(directory.resolve("table.md")).content().containsPattern(row + " +\\| 0\\.[45]\\d");
    assertThat(directory.resolve("trade.svg")).content().contains("1  dense: ", "2  " + row);
    ShrinkTrial trial = trial(row);
    Path killed = directory.resolve("killed");
    try (BenchShrinkCommand.ShrinkProcess first =
        BenchShrinkCommand.ShrinkProcess.start(trial, killed)) {
      assertThat(first.turn()).isEmpty();
    }
    try (BenchShrinkCommand.ShrinkProcess second =
        BenchShrinkCommand.ShrinkProcess.start(trial, killed)) {
      assertThat(second.turns()).isEqualTo(1);
      assertThat(second.turn())
          .hasValueSatisfying(end -> assertThat(end.cost().cuts()).isEqualTo(1));
    }
    assertThat(killed.resolve(ShrinkWorker.MODEL))
        .hasSameBinaryContentAs(trial.directory(directory).resolve(ShrinkWorker.MODEL));
  }

  @Test
  void benchShrink_ofASmallLanguageModel_showsBitsPerCharacter() {
    StringWriter out = new StringWriter();

    int exit =
        new CommandLine(new BenchShrinkCommand())
            .setOut(new PrintWriter(out))
            .execute(
                "--network=char-lm",
                "--rows=dense,weights-50,heads-50",
                "--seeds=1",
                "--epochs=1",
                "--out=" + directory,
                "-D",
                "train.learning-rate.warm-up=5",
                "-D",
                "data.stride=512",
                "-D",
                "model { kind = char-lm, layers = 1, features = 32, heads = 4 }");

    assertThat(exit).as("%s", out).isZero();
    assertThat(directory.resolve("table.md"))
        .content()
        .contains("bits per character")
        .containsPattern("dense +\\| +1\\.00 \\| +1\\.00")
        .containsPattern("weights-50 +\\| +1\\.00")
        .containsPattern("heads-50 +\\| +0\\.[45]\\d");
  }

  @Test
  void benchShrink_imagesOfAText_areRefused() {
    StringWriter err = new StringWriter();

    int exit =
        new CommandLine(new BenchShrinkCommand())
            .setErr(new PrintWriter(err))
            .execute("--network=char-lm", "--images=5", "--out=" + directory);

    assertThat(exit).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("--images", "network=char-lm");
  }

  /** A run of those that {@link #run} starts. */
  private static ShrinkTrial trial(String label) {
    ShrinkStudy study = ResidualStudy.study();
    List<ShrinkRow> rows =
        study.compared(List.of(50)).stream().filter(row -> row.label().equals(label)).toList();
    List<String> settings = new ArrayList<>(List.of("train.epochs=2", "data.validation=0.5"));
    settings.addAll(overrides());
    return ShrinkTrial.of(study, rows, List.of(42L), settings).get(0);
  }

  private static List<String> overrides() {
    return List.of(
        "data.kind=digits",
        "data.batch-size=64",
        "train.sync-every=3",
        "model { kind = resnet-8, width = 8 }",
        "prune.granularity.round-to=2");
  }

  @Test
  void benchShrink_windowsThatThereAreNot_areRefused() {
    assertThat(refusal("--windows=60")).contains("must be of [50, 75]: windows=[60]");
    assertThat(refusal("--network=char-lm", "--windows=50"))
        .contains("--windows must be left out", "network=char-lm");
  }

  private static String refusal(String... arguments) {
    StringWriter err = new StringWriter();
    int exit =
        new CommandLine(new BenchShrinkCommand()).setErr(new PrintWriter(err)).execute(arguments);
    assertThat(exit).isEqualTo(CommandLine.ExitCode.USAGE);
    return err.toString();
  }

  @Test
  void benchShrink_ofALineThatThereIsNot_isRefused() {
    StringWriter err = new StringWriter();

    int exit =
        new CommandLine(new BenchShrinkCommand())
            .setErr(new PrintWriter(err))
            .execute("--rows", "live-99");

    assertThat(exit).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("row=live-99; lines are dense, masked-50, live-50");
  }

  private String run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--seeds", "1", "--epochs", "2", "--images", "30000"));
    all.addAll(List.of("--out", directory.toString()));
    overrides().forEach(override -> all.addAll(List.of("-D", override)));
    StringWriter out = new StringWriter();
    CommandLine command = new CommandLine(new BenchShrinkCommand());
    int exit = command.setOut(new PrintWriter(out)).execute(all.toArray(String[]::new));
    assertThat(exit).as("%s", out).isZero();
    return out.toString();
  }
}
