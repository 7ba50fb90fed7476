package io.espalier.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.telemetry.event.HostEvent.AlertRaised;
import io.espalier.telemetry.event.HostEvent.CheckpointFailed;
import io.espalier.telemetry.event.HostEvent.TrainerFailed;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.MaskEvent.ParameterMasks;
import io.espalier.telemetry.event.RunEvent.ParameterInfo;
import io.espalier.telemetry.event.RunEvent.ParametersDescribed;
import io.espalier.telemetry.event.RunEvent.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever names a run, tags it or writes its recipe gets text onto the page, and nothing else. */
@Tag("slow")
class HostileTextTest {
  private static final String MARKUP =
      "<img src=x onerror=\"window.hacked=1;alert(1)\"><script>window.hacked=1;alert(1)</script>";
  private static final String NAME = "name \"'><b id=hacked>" + MARKUP;
  private static final String TAG = "</span><i id=hacked>" + MARKUP.substring(0, 12);

  @TempDir private static Path directory;
  private static Stage stage;
  private static Browser browser;
  private static ToldRun run;
  private static ToldRun other;

  @BeforeAll
  static void start() throws IOException {
    stage = new Stage(directory);
    browser = new Browser(Files.createDirectory(directory.resolve("downloads")));
    run =
        new ToldRun(
            directory, "hostile", NAME, List.of(TAG, "javascript:alert(1)"), stage.access());
    run.tell(
        new Provenance(
            MARKUP,
            MARKUP,
            MARKUP,
            2,
            Map.of(MARKUP, MARKUP),
            42,
            1,
            1,
            MARKUP,
            "sha256:" + MARKUP,
            "hash:cd",
            "name = x # </script>" + MARKUP + "\nseed = 42\n",
            Optional.empty()));
    run.tell(
        new ParametersDescribed(
            List.of(new ParameterInfo(MARKUP, List.of(10L, 100L), 1_000, true, 1_000))));
    run.steps(20);
    run.tell(
        new MasksUpdated(
            20,
            1,
            0.5,
            0.5,
            500,
            List.of(new ParameterMasks(MARKUP, 1_000, 500, 500, 500, 0)),
            0.1));
    run.tell(new AlertRaised("kind-" + MARKUP, 20, MARKUP));
    run.tell(new CheckpointFailed(20, MARKUP));
    run.tell(new TrainerFailed(0, 1, 20, MARKUP));
    other = new ToldRun(directory, "other", "other", List.of(), stage.access());
    other.steps(10);
  }

  @AfterAll
  static void end() {
    run.close();
    other.close();
    browser.close();
    stage.close();
  }

  /** A run's own page shows its alerts among its facts. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "#/runs | #alerts | onerror",
        "#/run/hostile | .run-alerts | kind-<img src=x onerror",
        "#/compare/hostile,other | #alerts | onerror",
        "#/system | #alerts | onerror",
        "#/federation/hostile | .run-alerts | kind-<img src=x onerror"
      })
  void text_ofAStranger_isTextOnEveryPage(String page, String place, String alert) {
    browser.open(stage.page(), page);
    browser.awaitText(place, alert);
    browser.await(
        "the name as it is",
        () ->
            page.equals("#/system")
                || browser.texts("main").stream().anyMatch(each -> each.contains("<b id=hacked>")));

    assertInert();
  }

  @Test
  void address_withMarkup_isTextToo() {
    browser.open(
        stage.page(), "#/run/%3Cimg%20src=x%20onerror=alert(1)%3E?smooth=%3Cb%3E&x=%3Cb%3E..1");
    browser.awaitText("main h1", "No");
    assertUntouched();
    assertThat(browser.console()).allMatch(each -> each.contains("status of 400"));

    browser.open(
        stage.page(), "#/runs?q=%3Cimg%20src=x%20onerror=alert(1)%3E&tag=%3Cb%20id=hacked%3E");
    browser.awaitText("main", "No run is like that");
    assertInert();
  }

  @Test
  void tag_chosenAsFilter_isText() {
    browser.open(stage.page(), "#/runs");
    browser.awaitText("table.runs .tag", "</span>");

    browser.element("select[name=tag]").sendKeys("</span>");

    browser.await("the tagged run", () -> browser.count("table.runs tbody tr") == 1);
    assertInert();
  }

  private static void assertInert() {
    assertUntouched();
    assertThat(browser.console()).isEmpty();
  }

  private static void assertUntouched() {
    assertThat(browser.script("return window.hacked ?? 'untouched'")).isEqualTo("untouched");
    assertThat(
            browser.count("#hacked, [onerror], main script, header script, img:not([src^=data])"))
        .isZero();
    assertThat(browser.script("return document.querySelectorAll('script').length")).isEqualTo(2L);
    assertThat(
            browser.script(
                "return [...document.querySelectorAll('a')].filter((a) =>"
                    + " !/^https?:$/.test(a.protocol)).length"))
        .isEqualTo(0L);
  }
}
