package io.espalier.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page that a service shows: nothing without a token, and with one its runs and their queue.
 */
@Tag("slow")
class ServicePageTest {
  @TempDir private static Path directory;
  private static ServiceStage stage;

  private Browser browser;

  @BeforeAll
  static void serve() throws IOException, InterruptedException {
    stage = new ServiceStage(directory);
  }

  @AfterAll
  static void end() {
    stage.close();
  }

  /** With a session of its own, as a page keeps its token in one. */
  @BeforeEach
  void look(@TempDir Path downloads) {
    browser = new Browser(downloads);
  }

  @AfterEach
  void close() {
    browser.close();
  }

  @Test
  void page_withoutToken_showsNothing() {
    for (String place :
        List.of("#/runs", "#/run/" + stage.running(), "#/system", "#/compare/a,b")) {
      browser.open(stage.page(), place);
      browser.awaitText("dialog", "This page needs a token");
      assertThat(browser.violations()).isEmpty();

      browser.clickButton("Not now");

      browser.await("no question", () -> browser.count("dialog") == 0);
      browser.awaitText("#top", "token needed");
      assertThat(String.valueOf(browser.script("return document.documentElement.outerHTML")))
          .doesNotContain("banana", "fruit", place.startsWith("#/run/") ? "apple<" : "apple");
    }
    assertThat(browser.console()).isNotEmpty().allMatch(each -> each.contains("status of 401"));
  }

  @Test
  void token_wrongThenRight_isAskedForAgainAndKeptInTheTab() {
    browser.open(stage.page(), "#/runs");
    give("not-a-token");
    browser.awaitText("dialog", "The server does not know this token");

    give(stage.read());

    browser.await("both runs", () -> browser.texts("table.runs tbody a.name").size() == 2);
    browser.open(stage.page(), "#/runs");
    browser.await("both runs again", () -> browser.texts("table.runs tbody a.name").size() == 2);
    assertThat(browser.count("dialog")).isZero();
    assertThat(browser.console()).allMatch(each -> each.contains("status of 401"));
  }

  @Test
  void list_ofTheService_showsWhatTrainsAndWhatWaits() {
    browser.open(stage.page(), "#token=" + stage.read() + "&/runs");
    browser.eventually(
        () -> {
          assertThat(row("apple")).contains("running", "fruit");
          assertThat(row("banana")).contains("queued", "waits");
        });
    assertThat(browser.address()).endsWith("#/runs");
    for (String theme : List.of("light", "dark")) {
      browser.theme(theme);
      browser.screenshot("service-runs-" + theme);
      assertThat(browser.violations()).as(theme).isEmpty();
    }
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void system_ofTheService_showsItsNodeAndItsQueue() {
    browser.open(stage.page(), "#token=" + stage.read() + "&/system");
    browser.awaitText("table.queue", "banana");

    browser.awaitText("main", "1 run on the way, 1 in the queue");
    browser.awaitText("main", "espalier.metrics.v1");
    for (String theme : List.of("light", "dark")) {
      browser.theme(theme);
      browser.screenshot("service-system-" + theme);
      assertThat(browser.violations()).as(theme).isEmpty();
    }
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void pause_byAReader_isRefusedWithTheReason() {
    browser.open(stage.page(), "#token=" + stage.read() + "&/run/" + stage.running());
    browser.awaitText("header.run-head .state", "running");

    browser.clickButton("Pause");

    browser.awaitText("dialog", "operate");
    browser.clickButton("Not now");
    browser.await(
        "the reason",
        () -> browser.texts(".said").stream().anyMatch(each -> each.contains("operate")));
    assertThat(browser.text("header.run-head .state")).isEqualTo("running");
    assertThat(browser.console()).allMatch(each -> each.contains("status of 403"));
  }

  private void give(String token) {
    browser.element("dialog #token-field").sendKeys(token);
    browser.clickButton("Go on");
  }

  private String row(String name) {
    return Objects.requireNonNull(
        browser.texts("table.runs tbody tr").stream()
            .filter(each -> each.contains(name))
            .findFirst()
            .orElse(""));
  }
}
