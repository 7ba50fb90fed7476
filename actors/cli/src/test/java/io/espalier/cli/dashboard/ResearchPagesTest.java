package io.espalier.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.configs.file.Json;
import io.espalier.training.run.RunReport;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a series of runs shows: seeds as a mean, settings that differ, other axes, classes. */
@Tag("slow")
class ResearchPagesTest {
  @TempDir private static Path directory;
  private static Stage stage;
  private static Browser browser;
  private static Path fig;

  @BeforeAll
  static void play() throws IOException {
    stage = new Stage(directory);
    fig = stage.train("fig-1", "train.epochs=4", "data.validation=10%", "seed=1");
    stage.train("fig-2", "train.epochs=4", "data.validation=10%", "seed=2");
    stage.train("date", "train.epochs=4", "data.validation=10%", "seed=1", "prune.sparsity=0.5");
    browser = new Browser(Files.createDirectory(directory.resolve("downloads")));
  }

  @AfterAll
  static void end() {
    browser.close();
    stage.close();
  }

  @AfterEach
  void consoleIsClean() {
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void comparison_runsThatDifferInTheSeed_areAMeanUntilTheUserWantsEach() {
    browser.open(stage.page(), "#/compare/fig-1,fig-2,date");

    browser.eventually(
        () ->
            assertThat(browser.texts("ul.legend button span"))
                .contains("mean of 2 seeds: 90 %", "50 % · seed 1")
                .doesNotContain("90 % · seed 1", "90 % · seed 2"));
    browser.eventually(
        () -> assertThat(browser.texts("table.results tr.mean td").get(0)).contains("2 seeds"));
    browser.script("document.querySelectorAll('.toolbar input[type=checkbox]')[1].click()");

    browser.eventually(
        () ->
            assertThat(browser.texts("ul.legend button span"))
                .contains("90 % · seed 1", "90 % · seed 2", "50 % · seed 1")
                .noneMatch(label -> label.startsWith("mean")));
    assertThat(browser.address()).endsWith("?band=0");
  }

  @Test
  void comparison_settingsThatDiffer_haveColumns() {
    browser.open(stage.page(), "#/compare/fig-1,fig-2,date");

    browser.eventually(
        () ->
            assertThat(browser.texts("table.settings thead th"))
                .contains("prune.sparsity", "seed")
                .doesNotContain("train.epochs"));
    browser.eventually(
        () ->
            assertThat(browser.texts("table.settings tbody td.setting"))
                .containsExactly("0.9", "1", "0.9", "2", "0.5", "1", "0.9", "1, 2"));
    browser.open(stage.page(), "#/runs");
    browser.eventually(
        () ->
            assertThat(browser.texts("table.runs tbody a.name"))
                .containsExactlyInAnyOrder("90 % · seed 1", "90 % · seed 2", "50 % · seed 1"));
  }

  @Test
  void run_overEpochsOrTime_hasTheSameValuesAtOtherPlaces() {
    browser.open(stage.page(), "#/run/fig-1");
    browser.awaitText("header.run-head .state", "finished");
    List<List<String>> steps = browser.csv("Loss");

    browser.open(stage.page(), "#/run/fig-1?axis=epoch");
    browser.awaitText("header.run-head .state", "finished");
    List<List<String>> epochs = browser.csv("Loss");
    browser.open(stage.page(), "#/run/fig-1?axis=time");
    browser.awaitText("header.run-head .state", "finished");
    List<List<String>> times = browser.csv("Loss");

    assertThat(steps.get(0).get(0)).isEqualTo("step");
    assertThat(epochs.get(0).get(0)).isEqualTo("epoch");
    assertThat(times.get(0).get(0)).isEqualTo("time of training");
    List<String> last = steps.get(steps.size() - 1);
    assertThat(Double.parseDouble(epochs.get(epochs.size() - 1).get(0))).isEqualTo(4.0);
    assertThat(epochs.get(epochs.size() - 1).subList(1, last.size()))
        .isEqualTo(last.subList(1, last.size()));
    assertThat(Double.parseDouble(times.get(times.size() - 1).get(0)))
        .isPositive()
        .isGreaterThan(Double.parseDouble(times.get(1).get(0)));
    assertThat(browser.script("return document.querySelector('.toolbar select').value"))
        .isEqualTo("time");
  }

  @Test
  void report_comparedWithARun_namesBothByWhatDiffers() {
    Path report =
        RunReport.of(fig)
            .write(
                Optional.of(directory.resolve("date")).map(RunReport::of).map(RunReport::verified));

    browser.open(URI.create(report.toUri().toString()), "");

    browser.eventually(
        () ->
            assertThat(browser.texts("table.compared thead th"))
                .containsExactly("figure", "90 %", "50 %", "difference"));
    assertThat(browser.texts("h2")).contains("Compared with 50 %");
    assertThat(browser.texts("ul.legend button span")).contains("50 %: test");
  }

  @Test
  void report_ofAShippedRecipe_showsWhatDiffersFromIt() {
    browser.open(URI.create(fig.resolve("report.html").toUri().toString()), "");

    browser.eventually(
        () ->
            assertThat(browser.texts(".changes tbody tr td:first-child"))
                .containsExactly("data.validation", "seed", "train.epochs"));
    assertThat(browser.texts(".changes tbody tr").get(1)).isEqualTo("seed421");
  }

  @Test
  void report_ofAFinishedRun_showsTheConfusionOfItsClasses() throws IOException {
    JsonNode confusion =
        Json.LENIENT.readTree(Files.readString(fig.resolve("confusion.json"))).path("counts");

    browser.open(URI.create(fig.resolve("report.html").toUri().toString()), "");

    browser.await("a row per class", () -> browser.count("table.classes tbody tr") == 10);
    List<String> cells = browser.texts("table.confusion tbody td");
    for (int row = 0; row < 10; row++) {
      for (int answer = 0; answer < 10; answer++) {
        long count = confusion.get(row).get(answer).longValue();
        assertThat(cells.get(10 * row + answer)).isEqualTo(count == 0 ? "·" : "" + count);
      }
    }
  }
}
