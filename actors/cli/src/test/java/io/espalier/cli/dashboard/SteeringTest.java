package io.espalier.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Buttons of the service's page steer its runs. */
@Tag("slow")
class SteeringTest {
  @Test
  void runs_steeredByButtons_doWhatIsAsked(@TempDir Path home, @TempDir Path downloads)
      throws IOException, InterruptedException {
    try (ServiceStage stage = new ServiceStage(home);
        Browser browser = new Browser(downloads)) {
      // Given the page of a run that trains, while another waits for its place
      browser.open(stage.page(), "#token=" + stage.operate() + "&/run/" + stage.running());
      browser.awaitText("header.run-head .state", "running");
      browser.await("steps", () -> !browser.text("header.run-head .way").contains("step 0 of"));
      for (String theme : List.of("light", "dark")) {
        browser.theme(theme);
        browser.screenshot("service-run-" + theme);
        assertThat(browser.violations()).as(theme).isEmpty();
      }

      // When it is paused, then the other takes its place
      browser.clickButton("Pause");
      browser.awaitText("header.run-head .state", "paused");
      browser.go("#/run/" + stage.waiting());
      browser.awaitText("header.run-head .state", "running");

      // When it is to go on, then it waits for the other
      browser.go("#/run/" + stage.running());
      browser.awaitText("header.run-head .state", "paused");
      browser.clickButton("Resume");
      browser.awaitText("header.run-head .state", "queued");

      // When the other is stopped after all, then it trains again
      browser.go("#/run/" + stage.waiting());
      browser.awaitText("header.run-head .state", "running");
      browser.clickButton("Stop");
      browser.awaitText("dialog", "Stop this run?");
      browser.clickButton("Keep the run");
      browser.await("no question", () -> browser.count("dialog") == 0);
      assertThat(browser.text("header.run-head .state")).isEqualTo("running");
      browser.clickButton("Stop");
      browser.clickButton("Stop the run");
      browser.awaitText("header.run-head .state", "cancelled");
      browser.go("#/run/" + stage.running());
      browser.awaitText("header.run-head .state", "running");
      assertThat(browser.console()).isEmpty();
    }
  }
}
