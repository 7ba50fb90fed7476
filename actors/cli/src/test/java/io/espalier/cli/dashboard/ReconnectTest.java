package io.espalier.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A page outlives its server and the broker; afterwards everything is there once. */
@Tag("slow")
class ReconnectTest {
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

  @Test
  void page_serverStartsAnew_showsEverythingOnce() throws IOException {
    try (ToldRun run = begin("served")) {
      // Given a page that is open
      look("served", run, 30);

      // When its server is away for a while, and the run goes on
      stage.withoutDashboard(
          () -> {
            browser.awaitText("#top [role=status]", "no connection, trying again");
            run.steps(10);
          });

      // Then it comes back by itself
      awaitStep(40);
      browser.awaitText("#top [role=status]", "live");
      run.steps(10);
      awaitStep(50);
      assertEachStepOnce(50);
      assertThat(browser.console())
          .allMatch(each -> each.contains("net::ERR_") || each.contains("status of 503"));
    }
  }

  @Test
  void page_brokerStartsAnew_showsEverythingOnce() throws IOException {
    try (ToldRun run = begin("shipped")) {
      // Given a page that is open
      look("shipped", run, 30);

      // When the broker is away for a while, and the run goes on
      stage.withoutBroker(
          () -> {
            browser.await(
                "that the broker is away",
                () -> !browser.text("#top [role=status]").equals("live"));
            run.steps(10);
          });

      // Then what was told meanwhile arrives
      awaitStep(40);
      browser.awaitText("#top [role=status]", "live");
      run.steps(10);
      awaitStep(50);
      assertEachStepOnce(50);
      assertThat(browser.count("table.runs")).isZero();
      assertThat(browser.console()).isEmpty();
    }
  }

  private static ToldRun begin(String id) throws IOException {
    return new ToldRun(directory, id, id, List.of(), stage.access());
  }

  private static void look(String id, ToldRun run, int steps) {
    run.steps(steps);
    browser.open(stage.page(), "#/run/" + id);
    awaitStep(steps);
    assertEachStepOnce(steps);
  }

  private static void awaitStep(int step) {
    browser.awaitText("header.run-head", "step %d of 1,000".formatted(step));
  }

  private static void assertEachStepOnce(int steps) {
    browser.eventually(
        () ->
            assertThat(browser.csv("Loss").stream().skip(1).map(line -> line.get(0)))
                .containsExactlyElementsOf(
                    IntStream.rangeClosed(1, steps).mapToObj(String::valueOf).toList()));
  }
}
