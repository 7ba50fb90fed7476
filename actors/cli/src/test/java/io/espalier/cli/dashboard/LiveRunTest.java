package io.espalier.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.telemetry.event.FederationEvent.FederationDescribed;
import io.espalier.telemetry.event.FederationEvent.TierEvaluated;
import io.espalier.telemetry.event.HostEvent.AlertCleared;
import io.espalier.telemetry.event.HostEvent.AlertRaised;
import io.espalier.telemetry.event.MaskEvent.ChannelsCut;
import io.espalier.telemetry.event.MaskEvent.CutParameter;
import io.espalier.telemetry.event.MaskEvent.GroupWidth;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.MaskEvent.NetworkSize;
import io.espalier.telemetry.event.MaskEvent.ParameterMasks;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that goes on while somebody looks at it. */
@Tag("slow")
class LiveRunTest {
  @TempDir private static Path directory;
  private static Stage stage;
  private static Browser browser;

  @BeforeAll
  static void start() throws IOException {
    stage = new Stage(directory);
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

  private static ToldRun begin(String id) throws IOException {
    return new ToldRun(directory, id, id, List.of("live"), stage.access());
  }

  private static void awaitStep(int step) {
    browser.awaitText("header.run-head", "step %d of 1,000".formatted(step));
  }

  @Test
  void hoverAndZoom_whileStepsArrive_areKept() throws IOException {
    try (ToldRun run = begin("zoomed")) {
      // Given a part of the run that is looked at
      run.steps(100);
      browser.open(stage.page(), "#/run/zoomed");
      awaitStep(100);
      browser.drag(0, 0.25, 0.75);
      browser.awaitText(".toolbar .quiet", "steps ");
      browser.await(
          "the pointer's step",
          () -> {
            browser.hover(0, 0.5);
            return browser.text(".legend-box .at").startsWith("step ");
          });
      String range = browser.text(".toolbar .quiet");
      String address = browser.address();
      String at = browser.text(".legend-box .at");

      // When more steps arrive
      run.steps(50);
      awaitStep(150);

      // Then they are drawn, and the part is the same
      awaitDrawn(150);
      assertThat(range).matches("steps \\d+ to \\d+");
      assertThat(browser.text(".toolbar .quiet")).isEqualTo(range);
      assertThat(browser.text(".legend-box .at")).isEqualTo(at);
      assertThat(browser.address()).isEqualTo(address).contains("x=");
      browser.doubleClick(0);
      browser.await("all steps", () -> !browser.address().contains("x="));
    }
  }

  @Test
  void drawing_pausedAndCaughtUp_losesNothing() throws IOException {
    try (ToldRun run = begin("paused")) {
      // Given a drawing that is paused
      run.steps(20);
      browser.open(stage.page(), "#/run/paused");
      awaitStep(20);
      awaitDrawn(20);
      browser.awaitText(".legend b", "1.05");
      browser.click(".toolbar button[aria-pressed]");
      browser.await("the pause", () -> !browser.text(".behind").isEmpty());

      // When steps arrive
      run.steps(10);
      browser.awaitText(".behind", "10 steps behind");
      String meanwhile = browser.text(".legend b");
      browser.press("p");

      // Then they are drawn when it goes on
      browser.await("that it goes on", () -> browser.text(".behind").isEmpty());
      assertThat(meanwhile).isEqualTo("1.05");
      browser.awaitText(".legend b", "1.033");
      awaitDrawn(30);
    }
  }

  @Test
  void alert_raisedAndCleared_isShownOnEveryPageWhileItLasts() throws IOException {
    try (ToldRun run = begin("alarming")) {
      run.steps(10);
      browser.open(stage.page(), "#/runs");
      browser.awaitText("table.runs", "alarming");

      run.tell(new AlertRaised(AlertRaised.DISK_LOW, 10, "200 MB are free"));

      browser.awaitText("#alerts", "disk nearly full");
      browser.await(
          "an alert in the title",
          () -> "(1) Runs – Espalier".equals(browser.script("return document.title")));
      browser.go("#/run/alarming");
      browser.awaitText(".run-alerts", "200 MB are free");
      run.tell(new AlertCleared(AlertRaised.DISK_LOW, 10, "2000 MB are free"));
      browser.await("no alert on top", () -> browser.texts("#alerts section").isEmpty());
      browser.awaitText(".run-alerts", "over");
    }
  }

  @Test
  void cut_whileARunGoesOn_isMarkedAndNarrowsTheWidths() throws IOException {
    try (ToldRun run = begin("shrinking")) {
      // Given a run that prunes channels
      run.steps(50);
      run.tell(halved(50));
      browser.open(stage.page(), "#/run/shrinking");
      browser.awaitText("section h2", "Before and after");
      browser.script("document.querySelector('table.costs').scrollIntoView()");
      browser.awaitText("table.costs", "the same");
      assertThat(browser.texts("table.layers")).isEmpty();

      // When they are cut out
      run.tell(cut(50));
      run.steps(50);
      awaitStep(100);

      // Then all that tells of the network's size follows
      browser.awaitText(".cards", "40.0 % of 1.00 k dense");
      browser.eventually(
          () -> {
            assertThat(browser.texts("table.layers tbody td"))
                .containsExactly(
                    "fc1.weight", "4 of 10", "4 × 100", "400 of 1.00 k", "400 of 1,000");
            assertThat(browser.text("table.costs tbody tr"))
                .contains("1.00 k", "400", "−60.0 %, 2.5× less");
          });
      browser.awaitText(".happenings", "10 → 4 channels, MACs −60 %");
      browser.script("scrollTo(0, 0)");
      browser.await(
          "the words of the mark",
          () -> {
            browser.hover(0, 0.5);
            return browser.text(".plot .tip").contains("cut: 10 → 4 channels, MACs −60 %");
          });
      for (String theme : List.of("light", "dark")) {
        browser.theme(theme);
        browser.screenshot("shrinking-" + theme);
        assertThat(browser.violations()).isEmpty();
      }
      browser.theme("light");
      browser.columns("macs", "sparsity");
      browser.go("#/runs?q=shrinking");
      browser.awaitText("table.runs td.col-macs", "−60.0 %");
      browser.awaitText("table.runs", "MACs −60.0 % of −60.0 %");
      browser.firstColumns();
    }
  }

  @Test
  void list_ofARunThatPrunesChannels_hasRoomForItsBudgetInANarrowWindow() throws IOException {
    try (ToldRun run = begin("budgeted")) {
      // Given the longest words for a budget
      run.steps(50);
      run.tell(halved(50, MasksUpdated.PARAMETERS));

      // When they are seen in a window that is no wider than it must be
      browser.resize(1_300, 800);
      browser.open(stage.page(), "#/runs?q=budgeted");
      browser.awaitText("table.runs", "params −60.0 % of −60.0 %");
      browser.picture("runs-budget");

      // Then none is cut off, and a pointer tells them in full
      browser.eventually(
          () ->
              assertThat(
                      browser.script(
                          "const cell = document.querySelector('table.runs"
                              + " td[data-label=sparsity] .under'); return [cell.scrollHeight -"
                              + " cell.clientHeight, cell.scrollWidth - cell.clientWidth,"
                              + " cell.title.replaceAll('\\u00a0', ' ')].join()"))
                  .isEqualTo("0,0,parameters −60.0 % of −60.0 %"));
    } finally {
      browser.resize(1_400, 1_000);
    }
  }

  @Test
  void run_ofAText_isReadInBitsPerCharacterFromItsStart() throws IOException {
    try (ToldRun run = begin("poem");
        ToldRun pear = begin("pear-beside")) {
      // Given a run of a text that was not evaluated yet, and one of images
      run.tell(
          new RunStarted(
              "poem", 1, 1, ToldRun.TOTAL, 50, 1_000, 100, 0.9, List.of(), OptionalDouble.of(2)));
      run.steps(5);
      pear.steps(5);

      // When its page opens
      browser.open(stage.page(), "#/run/poem");

      // Then its losses are those of tokens, and no chart is of accuracies
      browser.eventually(
          () ->
              assertThat(browser.csv("Bits per character").get(5).get(1))
                  .startsWith("%.4f".formatted(ToldRun.loss(5) / Math.log(2) / 2)));
      assertThat(browser.texts("figcaption .name"))
          .contains("Bits per character")
          .doesNotContain("Accuracy");
      assertThat(browser.texts("figcaption .unit")).contains("mean per token");

      // And a comparison has accuracies of the other run alone
      browser.open(stage.page(), "#/compare/poem,pear-beside");
      browser.eventually(
          () ->
              assertThat(browser.csv("Training accuracy").get(0)).containsOnlyOnce("pear-beside"));
      assertThat(browser.csv("Training accuracy").get(0)).doesNotContain("poem");
      assertThat(browser.csv("Training bits per character").get(0))
          .contains("poem")
          .doesNotContain("pear-beside");
      assertThat(browser.texts("figcaption .unit")).contains("mean per token or example");
    }
  }

  @Test
  void federation_withNarrowDevices_drawsTheirCurves() throws IOException {
    try (ToldRun run = begin("narrow")) {
      // Given tiers of the whole network and of parts of its channels
      run.tell(new FederationDescribed("fedavg", 20, 4, 2, 1, 1, "float32", List.of()));
      for (int round = 1; round <= 3; round++) {
        run.tell(tier(round, 1, 90, OptionalDouble.empty()));
        run.tell(tier(round, 1, 80, OptionalDouble.of(0.5)));
        run.tell(tier(round, 0.1, 70, OptionalDouble.of(0.25)));
      }

      // When somebody looks at the federation
      browser.open(stage.page(), "#/federation/narrow");
      browser.awaitText("section h2", "Device tiers");

      // Then each has its line, by its name, and its row
      browser.eventually(
          () -> {
            List<List<String>> accuracy = browser.csv("Accuracy");
            assertThat(accuracy.get(0))
                .contains(
                    "width 1/4 at 10\u00a0% density", "width 1/2", "held at 100\u00a0% density");
            int half = accuracy.get(0).indexOf("width 1/2");
            assertThat(accuracy.stream().skip(1).map(line -> line.get(half)))
                .containsExactly("0.81", "0.82", "0.83");
          });
      browser.eventually(
          () ->
              assertThat(browser.texts("section table tbody tr"))
                  .anyMatch(row -> row.startsWith("10 %1/4" + "4" + "73.00 %"))
                  .anyMatch(row -> row.startsWith("100 %1/2" + "4" + "83.00 %"))
                  .anyMatch(row -> row.startsWith("100 %all" + "4" + "93.00 %")));
      browser.screenshot("narrow-tiers");
      assertThat(browser.violations()).isEmpty();
    }
  }

  private static TierEvaluated tier(int round, double density, int percent, OptionalDouble width) {
    return new TierEvaluated(
        String.valueOf(round), round, density, 4, (percent + round) / 100.0, 0.5, 100, width);
  }

  private static MasksUpdated halved(long step) {
    return halved(step, MasksUpdated.MACS);
  }

  private static MasksUpdated halved(long step, String budget) {
    return new MasksUpdated(
        step,
        1,
        0.6,
        0.6,
        400,
        List.of(new ParameterMasks("fc1.weight", 1_000, 400, 400, 600, 0)),
        0.001,
        Optional.of(budget),
        OptionalDouble.of(0.4));
  }

  private static ChannelsCut cut(long step) {
    NetworkSize dense = new NetworkSize(1_000, 1_000, 8_000);
    return new ChannelsCut(
        step,
        2,
        "d",
        List.of(new GroupWidth("fc1.weight", 10, 10, 4)),
        List.of(new CutParameter("fc1.weight", List.of(4L, 100L), 400)),
        dense,
        new NetworkSize(400, 400, 3_200),
        dense,
        0.002);
  }

  @Test
  void list_whileRunsGoOn_showsTheirNewestSteps() throws IOException {
    try (ToldRun run = begin("listed")) {
      browser.open(stage.page(), "#/runs?q=listed");
      browser.awaitText("table.runs", "0 of 1,000 steps");

      run.steps(250);

      browser.awaitText("table.runs", "250 of 1,000 steps");
      browser.eventually(
          () -> assertThat(browser.texts("table.runs .state")).containsExactly("running"));
    }
  }

  /** Waits until the loss chart has that many steps: those of the events, each once. */
  private static void awaitDrawn(int steps) {
    browser.eventually(() -> assertDrawn(steps));
  }

  private static void assertDrawn(int steps) {
    List<List<String>> lines = browser.csv("Loss");
    assertThat(lines.stream().skip(1).map(line -> line.get(0)))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, steps).mapToObj(String::valueOf).toList());
    assertThat(lines.stream().skip(1))
        .allSatisfy(
            line ->
                assertThat(Double.parseDouble(line.get(1)))
                    .isCloseTo(ToldRun.loss(Long.parseLong(line.get(0))), Offset.offset(1e-4)));
  }
}
