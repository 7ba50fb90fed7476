package io.espalier.bench.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class BenchUnitsTest {
  @TempDir private Path directory;

  @Test
  void rows_ofUnits_haveOneSparsity_andWeightsStandBesideNOfM() {
    List<UnitRow> rows =
        UnitRow.of(UnitStudy.all().get(0), List.of("weight", "block 16x1", "2:4", "channel"), 80);

    assertThat(rows)
        .extracting(UnitRow::label)
        .containsExactly(
            "dense, engine",
            "dense, java",
            "weight at 80 %",
            "block 16x1 at 80 %",
            "2:4 at 50 %",
            "weight at 50 %",
            "channel at 80 %");
  }

  @Test
  void rows_ofEqualSparsity_areNotRepeated() {
    List<UnitRow> rows = UnitRow.of(UnitStudy.all().get(0), List.of("weight", "1:2", "2:4"), 50);

    assertThat(rows)
        .extracting(UnitRow::label)
        .containsExactly(
            "dense, engine", "dense, java", "weight at 50 %", "1:2 at 50 %", "2:4 at 50 %");
  }

  @Test
  void trials_ofEveryNetwork_areRecipesOfTheProduct() {
    for (UnitStudy study : UnitStudy.all()) {
      List<UnitRow> rows = UnitRow.of(study, List.of("weight", "row", "2:4", "channel"), 80);

      assertThat(UnitTrial.of(study, rows, List.of(42L, 43L), List.of()))
          .as(study.network())
          .hasSize(2 * rows.size())
          .extracting(trial -> trial.key("rounds=1"))
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void trials_ofAUnitThatThereIsNot_areRefusedByTheRecipe() {
    UnitStudy study = UnitStudy.all().get(0);
    List<UnitRow> rows = UnitRow.of(study, List.of("brick 3x3"), 80);

    assertThatThrownBy(() -> UnitTrial.of(study, rows, List.of(42L), List.of()))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("prune.granularity");
  }

  @Test
  void benchUnits_ofImpossibleOptions_isRefused() {
    assertThat(refusal("--network=lenet-7")).contains("network=lenet-7");
    assertThat(refusal("--sparsity=100")).contains("sparsity=100");
    assertThat(refusal("--epochs=0")).contains("epochs=0");
    assertThat(refusal("--rounds=0")).contains("rounds=0");
    assertThat(refusal("--images=0")).contains("images=0");
    assertThat(refusal("--warm-up=-1")).contains("seconds=-1.0");
    assertThat(refusal("--seeds=0")).contains("seeds=0");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  @Tag("slow")
  void benchUnits_ofASmallNetwork_showsEachLine_andKeepsWhatIsThere() {
    assertThat(run("block 16x1")).contains("lenet-5, block 16x1 at 80 %, seed 42 …");

    String again = run("block 16x1,channel");

    assertThat(again).contains("channel at 80 %, seed 42 …").doesNotContain("16x1 at 80 %, seed");
    assertThat(directory.resolve("table.md"))
        .content()
        .containsPattern("dense, java +\\| +\\d+\\.\\d\\d +\\| +1\\.00")
        .containsPattern("block 16x1 at 80 % +\\| +\\d+\\.\\d\\d +\\| +0\\.\\d\\d")
        .containsPattern("channel at 80 % +\\| +\\d+\\.\\d\\d +\\| +0\\.[12]\\d");
    assertThat(directory.resolve("units-lenet-5.svg")).content().contains("block 16x1 at 80 %: ");
    assertThat(directory.resolve("results.jsonl")).content().hasLineCount(4);
  }

  private String run(String units) {
    StringWriter out = new StringWriter();
    int exit =
        new CommandLine(new BenchUnitsCommand())
            .setOut(new PrintWriter(out))
            .execute(
                "--network=lenet-5",
                "--units=" + units,
                "--seeds=1",
                "--epochs=1",
                "--images=1280",
                "--rounds=1",
                "--warm-up=0",
                "--out=" + directory);
    assertThat(exit).as("%s", out).isZero();
    return out.toString();
  }

  private String refusal(String option) {
    StringWriter err = new StringWriter();
    int exit =
        new CommandLine(new BenchUnitsCommand())
            .setErr(new PrintWriter(err))
            .execute(option, "--out=" + directory);
    assertThat(exit).isEqualTo(CommandLine.ExitCode.USAGE);
    return err.toString();
  }
}
