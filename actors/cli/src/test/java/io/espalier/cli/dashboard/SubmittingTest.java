package io.espalier.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/** Runs of a service are submitted, stopped and deleted on its page. */
@Tag("slow")
class SubmittingTest {
  @Test
  void run_submittedOnThePage_isQueuedAndGoesWhenDeleted(
      @TempDir Path home, @TempDir Path downloads) throws IOException, InterruptedException {
    try (ServiceStage stage = new ServiceStage(home);
        Browser browser = new Browser(downloads)) {
      // Given the text of a shipped recipe
      browser.open(stage.page(), "#token=" + stage.operate() + "&/submit?recipe=digits");
      browser.await(
          "the text of the recipe",
          () ->
              String.valueOf(browser.script("return document.querySelector('form textarea').value"))
                  .contains("digits"));
      assertThat(browser.violations()).isEmpty();
      browser.screenshot("submit");

      // When a setting is wrong, then the page says so
      browser.script("document.querySelectorAll('form textarea')[1].value = 'prune.sparsity = 2'");
      browser.clickButton("Submit");
      browser.awaitText(".said", "prune.sparsity");

      // When it is right, then the run waits for its place
      browser.script(
          "document.querySelectorAll('form textarea')[1].value = 'seed = 43\\n"
              + "name = cherry\\n"
              + "train.trainers = 1'");
      browser.clickButton("Submit");
      browser.awaitText("main h1", "cherry");
      browser.awaitText("main", "Queued by the service");

      // When it is stopped and deleted, then it leaves the list
      browser.clickButton("Stop");
      browser.clickButton("Stop the run");
      browser.go("#/runs");
      browser.eventually(
          () ->
              assertThat(browser.texts("table.runs tbody tr"))
                  .anyMatch(row -> row.contains("cherry") && !row.contains("queued")));
      browser.click("input[aria-label^='Select cherry']");
      browser.clickButton("Delete");
      browser.element("dialog").findElement(By.cssSelector("button.danger")).click();
      browser.eventually(
          () ->
              assertThat(browser.texts("table.runs tbody a.name"))
                  .hasSize(2)
                  .noneMatch(name -> name.contains("cherry")));
      assertThat(browser.console()).allMatch(each -> each.contains("status of 422"));
    }
  }
}
