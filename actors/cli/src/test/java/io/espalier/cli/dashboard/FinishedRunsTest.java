package io.espalier.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two runs and a federation that are over: every page tells what their files tell. */
@Tag("slow")
class FinishedRunsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path directory;
  private static Stage stage;
  private static Browser browser;
  private static Path pear;
  private static Path plum;
  private static Path federation;

  @BeforeAll
  static void play() throws IOException {
    stage = new Stage(directory);
    pear =
        stage.train(
            "pear",
            "name=pear",
            "tags=[baseline, \"two words\"]",
            "train.trainers=2",
            "train.epochs=6",
            "data.validation=10%");
    plum = stage.train("plum", "name=plum", "train.trainers=2", "train.epochs=4", "seed=7");
    federation =
        stage.simulate("meadow", "name=meadow", "federation.rounds=4", "federation.cohort=3");
    browser = new Browser(Files.createDirectory(directory.resolve("downloads")));
  }

  @AfterAll
  static void end() {
    browser.close();
    stage.close();
  }

  @BeforeEach
  void look() {
    browser.theme("light");
  }

  @AfterEach
  void consoleIsClean() {
    browser.firstColumns();
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void commands_ofAPausedRun_goOnWithItsKind() throws IOException {
    String paused =
        """
        return import("espalier/run/files.js").then(({ commandsFor }) =>
          commandsFor({ id: "a", kind: arguments[0], state: "paused" },
            { directory: "/a b", checkpoint: true, simulation: arguments[1] })[0][1]);
        """;
    browser.open(stage.page(), "#/runs");

    assertThat(browser.script(paused, "training", false))
        .isEqualTo("espalier train --resume '/a b'");
    assertThat(browser.script(paused, "federation", false))
        .isEqualTo("espalier federate --resume '/a b'");
    assertThat(browser.script(paused, "federation", true))
        .isEqualTo("espalier simulate --resume '/a b'");
  }

  @Test
  void list_showsAllRunsWithWhatTheyReached() throws IOException {
    browser.open(stage.page(), "#/runs");
    browser.await(
        "three finished runs",
        () ->
            browser.count("table.runs tbody tr") == 3
                && browser
                    .texts("table.runs .state")
                    .equals(List.of("finished", "finished", "finished")));

    for (Path run : List.of(pear, plum, federation)) {
      JsonNode summary = Stage.summary(run);
      browser.eventually(
          () ->
              assertThat(row(run.getFileName().toString()))
                  .contains(
                      Shown.percent(summary.path("accuracy").asDouble()),
                      Shown.percent(summary.path("sparsity").asDouble()),
                      Shown.number(summary.path("steps").asDouble(), 0)));
    }
    assertThat(row("pear")).contains("baseline", "two words");
    browser.columns("loss");
    browser.open(stage.page(), "#/runs");
    double last = List.copyOf(trainLoss(pear).values()).get(trainLoss(pear).size() - 1);
    browser.eventually(
        () ->
            assertThat(browser.texts("table.runs td.col-loss"))
                .filteredOn(told -> !told.isEmpty())
                .extracting(Double::valueOf)
                .anySatisfy(told -> assertThat(told).isCloseTo(last, within(last))));
    assertThat(browser.script("return document.title")).isEqualTo("Runs – Espalier");
  }

  @Test
  void list_searchedAndFiltered_keepsWhatFitsInTheAddress() {
    browser.open(stage.page(), "#/runs?tag=baseline");
    browser.await(
        "the tagged run alone",
        () -> browser.texts("table.runs tbody a.name").equals(List.of("pear")));

    browser.open(stage.page(), "#/runs");
    browser.await("three runs", () -> browser.count("table.runs tbody tr") == 3);
    browser.element("input[name=search]").sendKeys("mea");

    browser.await(
        "the run that is searched",
        () -> browser.texts("table.runs tbody a.name").equals(List.of("meadow")));
    assertThat(browser.address()).endsWith("#/runs?q=mea");
  }

  @Test
  void run_figures_areThoseOfItsSummary() throws IOException {
    JsonNode summary = Stage.summary(pear);

    browser.open(stage.page(), "#/run/pear");
    browser.awaitText("header.run-head .state", "finished");

    assertCard(
        "Test accuracy",
        Shown.percent(summary.path("accuracy").asDouble()),
        "loss " + Shown.number(summary.path("loss").asDouble(), 4));
    assertCard(
        "Sparsity",
        Shown.percent(summary.path("sparsity").asDouble()),
        "%s of %s units kept"
            .formatted(
                Shown.number(summary.path("kept").asDouble(), 0),
                Shown.number(summary.path("prunable").asDouble(), 0)));
    assertCard(
        "Effective MACs",
        Shown.count(summary.path("macsEffective").asDouble()),
        Shown.count(summary.path("macsDense").asDouble()));
    assertCard("Sync traffic", Shown.bytes(summary.path("bytesSent").asDouble()));
    browser.eventually(
        () ->
            assertThat(browser.texts("header.run-head .tag"))
                .containsExactly("baseline", "two words"));
    assertThat(browser.text("h1")).isEqualTo("pear");
  }

  @Test
  void run_csv_hasTheSeriesOfTheEvents() throws IOException {
    browser.open(stage.page(), "#/run/pear");
    browser.awaitText("header.run-head .state", "finished");

    SortedMap<Long, Double> expected = trainLoss(pear);
    double test = Stage.summary(pear).path("loss").asDouble();
    browser.eventually(() -> assertLosses(browser.csv("Loss"), expected, test));
  }

  private static void assertLosses(
      List<List<String>> loss, SortedMap<Long, Double> expected, double test) {
    int training = loss.get(0).indexOf("training");
    assertThat(loss.get(0)).contains("step", "training", "validation", "test");
    SortedMap<Long, Double> saved = new TreeMap<>();
    loss.stream()
        .skip(1)
        .filter(line -> !line.get(training).isEmpty())
        .forEach(line -> saved.put(Long.valueOf(line.get(0)), Double.valueOf(line.get(training))));
    assertThat(saved.keySet()).isEqualTo(expected.keySet());
    expected.forEach((step, value) -> assertThat(saved.get(step)).isCloseTo(value, within(value)));
    assertThat(loss.stream().skip(1).map(line -> line.get(loss.get(0).indexOf("test"))))
        .filteredOn(each -> !each.isEmpty())
        .allSatisfy(each -> assertThat(Double.parseDouble(each)).isCloseTo(test, within(test)));
  }

  @Test
  void run_permalink_opensTheSameView() {
    browser.open(stage.page(), "#/run/pear?smooth=0.6&log=1&x=20..60");
    browser.awaitText(".toolbar", "steps 20 to 60");

    assertThat(browser.script("return document.querySelector('.toolbar input[type=range]').value"))
        .isEqualTo("0.6");
    assertThat(
            browser.script(
                "return document.querySelector('.toolbar input[type=checkbox]').checked"))
        .isEqualTo(true);
    browser.press("z");
    browser.await("all steps", () -> !browser.address().contains("x="));
    assertThat(browser.address()).contains("smooth=0.6", "log=1");
  }

  @Test
  void compare_twoRuns_showsBothResultsAndWhatDiffersInTheirRecipes() throws IOException {
    browser.open(stage.page(), "#/compare/pear,plum");
    browser.await(
        "two results",
        () ->
            browser.texts("table.results:not(.settings) tbody tr").size() == 2
                && browser.texts("table.results:not(.settings) tbody tr").stream()
                    .allMatch(each -> each.contains("finished")));

    for (int at = 0; at < 2; at++) {
      int row = at;
      JsonNode summary = Stage.summary(at == 0 ? pear : plum);
      browser.eventually(
          () ->
              assertThat(browser.texts("table.results:not(.settings) tbody tr").get(row))
                  .contains(
                      row == 0 ? "pear" : "plum",
                      Shown.percent(summary.path("accuracy").asDouble()),
                      Shown.number(summary.path("kept").asDouble(), 0)));
    }
    browser.awaitText(".diff", "seed = 42");
    browser.awaitText(".diff", "seed = 7");
    browser.awaitText(".diff", "tags = [\"baseline\", \"two words\"]");
  }

  @Test
  void compare_chosenInTheList_opensTheirPage() {
    browser.open(stage.page(), "#/runs");
    browser.await("three runs", () -> browser.count("table.runs tbody tr") == 3);

    browser.click("input[aria-label='Select pear']");
    browser.click("input[aria-label='Select plum']");
    browser.clickButton("Compare");

    browser.awaitText("h1", "Comparison");
    assertThat(browser.address()).endsWith("#/compare/pear,plum");
  }

  @Test
  void federation_figures_areThoseOfItsSummary() throws IOException {
    JsonNode summary = Stage.summary(federation);

    browser.open(stage.page(), "#/federation/meadow");
    browser.awaitText("header.run-head .state", "finished");

    assertCard("Test accuracy", Shown.percent(summary.path("accuracy").asDouble()));
    assertCard("Traffic with clients", Shown.bytes(summary.path("bytesSent").asDouble()));
    assertCard("Clients", "6");
    browser.awaitText("section h2", "Device tiers");
    browser.eventually(
        () -> {
          List<List<String>> rounds = browser.csv("Traffic per round");
          assertThat(rounds.get(0)).startsWith("round", "to clients", "from clients");
          assertThat(
                  rounds.stream()
                      .skip(1)
                      .mapToDouble(
                          line -> Double.parseDouble(line.get(1)) + Double.parseDouble(line.get(2)))
                      .sum())
              .isLessThanOrEqualTo(summary.path("bytesSent").asDouble());
        });
  }

  @Test
  void system_showsTopicsReadToTheirEnd() {
    browser.open(stage.page(), "#/system");

    browser.await(
        "six topics, none behind",
        () -> {
          List<String> topics = browser.texts("section table tbody tr");
          return topics.stream().filter(each -> each.contains("espalier.")).count() == 6;
        });
    browser.awaitText("main", "Events arrive as they happen.");
    browser.awaitText("main dd", "127.0.0.1");
  }

  @ParameterizedTest
  @CsvSource({
    "runs, #/runs, table.runs .state, finished",
    "run, #/run/pear, header.run-head .state, finished",
    "compare, '#/compare/pear,plum', table.results, finished",
    "federation, #/federation/meadow, header.run-head .state, finished",
    "system, #/system, main td, espalier.metrics.v1"
  })
  void page_inLightAndDark_isAccessible(String name, String page, String place, String data) {
    for (String theme : List.of("light", "dark")) {
      browser.theme(theme);
      browser.open(stage.page(), page);
      browser.awaitText(place, data);
      browser.screenshot(name + "-" + theme);

      assertThat(browser.violations()).as("%s, %s", name, theme).isEmpty();
    }
  }

  private static Offset<Double> within(double value) {
    return Offset.offset(1e-4 * Math.max(1, Math.abs(value)));
  }

  private static String row(String id) {
    return browser.texts("table.runs tbody tr").stream()
        .filter(each -> each.contains(id))
        .findFirst()
        .orElseThrow();
  }

  private static void assertCard(String label, String... parts) {
    browser.eventually(
        () ->
            assertThat(browser.texts(".card"))
                .filteredOn(each -> each.startsWith(label))
                .first()
                .asString()
                .contains(parts));
  }

  /** Mean over the trainers of the loss of each step, as the outbox tells. */
  private static SortedMap<Long, Double> trainLoss(Path run) throws IOException {
    SortedMap<Long, DoubleStream.Builder> losses = new TreeMap<>();
    for (String line : Files.readAllLines(run.resolve("events.jsonl"))) {
      JsonNode envelope = JSON.readTree(line);
      if (envelope.path("type").asText().equals("io.espalier.steps.measured.v1")) {
        JsonNode data = envelope.path("data");
        IntStream.range(0, data.path("losses").size())
            .forEach(
                i ->
                    losses
                        .computeIfAbsent(
                            data.path("firstStep").asLong() + i, step -> DoubleStream.builder())
                        .add(data.path("losses").path(i).asDouble()));
      }
    }
    SortedMap<Long, Double> means = new TreeMap<>();
    losses.forEach((step, all) -> means.put(step, all.build().average().orElseThrow()));
    return means;
  }
}
