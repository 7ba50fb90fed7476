package io.espalier.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.console.ProgramName;
import io.espalier.telemetry.event.HostEvent.AlertRaised;
import io.espalier.telemetry.event.RunEvent.Provenance;
import io.espalier.telemetry.event.RunEvent.RunFailed;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.outbox.RunIdFile;
import io.espalier.telemetry.outbox.RunRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many runs in the list: names by what differs, columns, groups, notes, and files of one. */
@Tag("slow")
class RunListTest {
  private static final int SEEDS = 10;
  private static final String CAUSE =
      "data must be readable: data.path=points.csv; permission denied";

  @TempDir private static Path directory;
  private static Stage stage;
  private static Browser browser;
  private static final List<ToldRun> RUNS = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    System.setProperty(ProgramName.PROPERTY, "./espalier");
    stage = new Stage(directory);
    browser = new Browser(Files.createDirectory(directory.resolve("downloads")));
    for (int seed = 1; seed <= SEEDS; seed++) {
      tell("sweep-" + seed, "sweep", "0.9", "hard", seed);
    }
    tell("sweep-soft", "sweep", "0.95", "soft", 1);
    tell("broken", "broken", "0.9", "hard", 1).tell(new RunFailed(1, 0, CAUSE));
  }

  /** A run whose recipe has these settings, and whose directory the home knows. */
  private static ToldRun tell(
      String id, String name, String sparsity, String mask, int seed, String... more)
      throws IOException {
    ToldRun run = new ToldRun(directory, id, name, List.of(), stage.access());
    RUNS.add(run);
    RunRegistry.of(directory).add(new RunId(id), directory.resolve(id));
    String recipe =
        "name = %s, seed = %d, model { kind = mlp }, prune { sparsity = %s, score = magnitude, mask = %s }"
            .formatted(name, seed, sparsity, mask);
    recipe = String.join("\n", recipe, "train { epochs = 2 }", String.join("\n", more));
    run.tell(
        new Provenance(
            "0.1",
            "17",
            "linux",
            2,
            Map.of(),
            seed,
            1,
            1,
            "digits",
            "sha256:1",
            "hash:1",
            recipe,
            Optional.empty()));
    if (!id.equals("broken")) {
      run.steps(20);
    }
    return run;
  }

  @AfterAll
  static void end() {
    CloseHelper.closeAll(RUNS);
    browser.close();
    stage.close();
    System.clearProperty(ProgramName.PROPERTY);
  }

  @AfterEach
  void consoleIsClean() {
    browser.firstColumns();
    browser.device(1_400, 1_000);
    assertThat(browser.console()).isEmpty();
  }

  private static void open(String place) {
    browser.open(stage.page(), place);
  }

  @Test
  void list_runsOfOneRecipe_areNamedByTheSettingsThatDiffer() {
    open("#/runs?q=sweep");

    browser.eventually(
        () ->
            assertThat(browser.texts("table.runs tbody a.name"))
                .hasSize(SEEDS + 1)
                .contains("90 % · hard · seed 1", "90 % · hard · seed 10", "95 % · soft · seed 1"));
  }

  @Test
  void columns_chosenAndSorted_areThereInTheNextTab() {
    open("#/runs?q=sweep");
    browser.awaitText("table.runs thead", "seed");
    assertThat(browser.texts("table.runs thead th button"))
        .containsExactly(
            "run",
            "state",
            "progress",
            "result",
            "sparsity",
            "network",
            "method",
            "seed",
            "heard of");

    browser.clickButton("Columns");
    browser.script("document.querySelector('li[data-key=progress] input').click()");
    browser.script("document.querySelector('li[data-key=seed] [title=\"Further left\"]').click()");
    browser.clickButton("Close");
    browser.script(
        "[...document.querySelectorAll('table.runs thead th button')].find((one) =>"
            + " one.textContent === 'seed').click()");
    open("#/runs?q=sweep");

    browser.eventually(
        () ->
            assertThat(browser.texts("table.runs thead th button"))
                .containsExactly(
                    "run", "state", "result", "sparsity", "network", "seed", "method", "heard of"));
    browser.eventually(
        () ->
            assertThat(browser.texts("table.runs td[data-column=seed]"))
                .containsExactly("1", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"));
  }

  @Test
  void list_groupedByASetting_hasAHeadingForEachValue() {
    open("#/runs?q=sweep&group=set:prune.mask");

    browser.eventually(
        () ->
            assertThat(browser.texts("table.runs tr.group"))
                .containsExactly("prune.mask hard10 runs", "prune.mask soft1 run"));
  }

  @Test
  void comparison_ofMoreThanEightRuns_givesEachALineOfItsOwn() {
    open("#/runs?q=sweep");
    browser.await("all runs", () -> browser.count("table.runs tbody tr") == SEEDS + 1);
    browser.script("document.querySelector('table.runs thead th.box input').click()");
    browser.clickButton("Compare");
    browser.awaitText("h1", "Comparison");

    browser.await(
        "all results",
        () -> browser.count("table.results:not(.settings) tbody tr:not(.mean)") == 11);
    browser.eventually(
        () ->
            assertThat(browser.texts("table.results:not(.settings) tr.mean"))
                .hasSize(1)
                .first()
                .asString()
                .contains("mean of 10 seeds: 90 % · hard"));
    Object marks =
        browser.script(
            "return [...document.querySelectorAll('.chips .run-mark')].map((mark) =>"
                + " (mark.querySelector('path')?.style.stroke ?? mark.style.cssText) +"
                + " (mark.querySelector('path')?.getAttribute('stroke-dasharray') ?? ''))");
    assertThat((List<?>) marks).hasSize(11);
    assertThat(new HashSet<>((List<?>) marks)).hasSize(11);
    browser.screenshot("compare-eleven");
  }

  @Test
  void failedRun_showsItsCauseFirst_andNothingThatIsEmpty() {
    open("#/run/broken");
    browser.awaitText("header.run-head .state", "failed");

    assertThat(browser.text(".verdict.failed")).isEqualTo("The run failed at step 0: " + CAUSE);
    browser.eventually(() -> assertThat(browser.texts("figure .none")).isEmpty());
    assertThat(browser.texts("main figure")).isEmpty();
    assertThat(browser.texts("main h2"))
        .contains("Files", "What happened", "Recipe")
        .doesNotContain("Training", "Pruning", "Time and traffic", "Density per parameter");
    open("#/runs?q=broken");
    browser.awaitText("table.runs .why", CAUSE);
  }

  @Test
  void run_hiddenNotedAndTagged_isSoForTheNextViewer() {
    open("#/run/sweep-2");
    browser.clickButton("Note");
    browser.element("dialog textarea").sendKeys("warm-up too short");
    browser.clickButton("Save");
    browser.awaitText(".note-text", "warm-up too short");
    browser.clickButton("Tags");
    browser.element("dialog input").sendKeys("mine, second");
    browser.clickButton("Save");
    browser.awaitText("header.run-head .tags", "second");

    open("#/runs?q=sweep");
    browser.awaitText("table.runs .tag", "mine");
    browser.click("input[aria-label$='hard · seed 2']");
    browser.clickButton("Hide");
    browser.await("a run less", () -> browser.count("table.runs tbody tr") == SEEDS);
    browser.awaitText(".counted", "1 archived");

    open("#/runs?state=archived");
    browser.eventually(() -> assertThat(browser.texts("table.runs tbody a.name")).hasSize(1));
    browser.script("document.querySelector('table.runs thead th.box input').click()");
    browser.clickButton("Bring back");
    open("#/runs?q=too%20short");
    browser.eventually(() -> assertThat(browser.texts("table.runs tbody a.name")).hasSize(1));
  }

  @Test
  void alert_ofAHiddenRun_isNotShown() throws IOException {
    tell("alarming", "alarming", "0.9", "hard", 1)
        .tell(new AlertRaised(AlertRaised.DISK_LOW, 10, "200 MB are free"));
    open("#/runs?q=alarming");
    browser.awaitText("#alerts", "disk nearly full");

    open("#/run/alarming");
    browser.clickButton("Hide from the list");
    open("#/system");

    browser.await("no alert on top", () -> browser.texts("#alerts section").isEmpty());
    open("#/run/alarming");
    browser.awaitText(".run-alerts", "200 MB are free");
    browser.clickButton("Bring back to the list");
    open("#/system");
    browser.awaitText("#alerts", "disk nearly full");
  }

  @Test
  void run_ofThisHome_hasItsFilesAndACommandThatStartsItAgain() throws IOException {
    Files.writeString(directory.resolve("broken").resolve("recipe.conf"), "name = broken");

    open("#/run/broken");

    browser.awaitText(".files", "recipe.conf");
    assertThat(browser.texts(".command code"))
        .contains("./espalier train " + directory.resolve("broken").resolve("recipe.conf"))
        .noneMatch(command -> command.contains("--resume"));
    assertThat(
            browser.script(
                "return fetch(document.querySelector('.files a[download=\"recipe.conf\"]').href)"
                    + ".then((answer) => answer.text())"))
        .isEqualTo("name = broken");
  }

  @Test
  void failedRun_withACheckpoint_hasACommandThatGoesOnFromIt() throws IOException {
    tell("stopped", "stopped", "0.9", "hard", 1).tell(new RunFailed(1, 20, CAUSE));
    Path run = directory.resolve("stopped");
    Files.createDirectories(run.resolve("checkpoints").resolve("step-0000000020"));
    Files.writeString(run.resolve("recipe.conf"), "name = stopped");

    open("#/run/stopped");

    browser.awaitText(".files", "recipe.conf");
    assertThat(browser.texts(".command code"))
        .contains("./espalier train --resume " + run)
        .noneMatch(command -> command.contains("recipe.conf"));
  }

  @Test
  void list_ofRunsThatDifferInMuch_namesEachByWhatIsUnusual() throws IOException {
    for (int seed = 1; seed <= 5; seed++) {
      tell("mixed-" + seed, "mixed", "0.9", "hard", seed);
    }
    tell("mixed-6", "mixed", "0.8", "soft", 6, "train { epochs = 3 }", "prune.score = random");
    tell("mixed-7", "mixed", "0.9", "hard", 1, "train { epochs = 3 }");

    open("#/runs?q=mixed");

    browser.eventually(
        () ->
            assertThat(browser.texts("table.runs tbody a.name"))
                .hasSize(7)
                .contains(
                    "90 % · seed 1",
                    "80 % · soft · random · seed 6 · 1 more", "90 % · epochs 3 · seed 1"));
    assertThat(
            browser.script(
                "return [...document.querySelectorAll('table.runs tbody a.name')].find((one) =>"
                    + " /seed\\s6/.test(one.textContent)).title"))
        .asString()
        .contains("soft", "random", "epochs 3", "mixed-6");
  }

  @Test
  void run_whoseDirectoryIsDeleted_leavesTheList() throws IOException {
    RunRegistry.of(directory).add(new RunId("gone"), directory.resolve("nowhere"));
    try (ToldRun run = new ToldRun(directory, "gone", "gone", List.of(), stage.access())) {
      run.steps(5);
      open("#/run/gone");

      browser.awaitText("main h1", "This run was deleted");
      open("#/runs");
      browser.await("the others", () -> browser.count("table.runs tbody tr") > SEEDS);
      assertThat(browser.texts("table.runs tbody a.name")).doesNotContain("gone");
    }
  }

  @Test
  void run_whoseDirectoryWasMadeAnew_leavesTheList() throws IOException {
    Path anew = Files.createDirectory(directory.resolve("anew"));
    RunIdFile.write(anew, new RunId("second"));
    for (String id : List.of("first", "second")) {
      tell(id, "made-anew", "0.9", "hard", 1);
      RunRegistry.of(directory).add(new RunId(id), anew);
    }

    open("#/runs?q=made-anew");

    browser.eventually(
        () -> assertThat(browser.texts("table.runs tbody .id")).containsExactly("second"));
    open("#/run/first");
    browser.awaitText("main h1", "This run was deleted");
  }

  @Test
  void list_atWidthsOfDesksAndPhones_cutsNothing() {
    for (String theme : List.of("light", "dark")) {
      browser.theme(theme);
      for (int width : List.of(1_300, 390)) {
        browser.device(width, 2_000);
        open("#/runs");
        browser.await("all runs", () -> browser.count("table.runs tbody tr") > SEEDS);
        browser.picture("runs-%d-%s".formatted(width, theme));

        assertThat(
                browser.script(
                    "const box = document.querySelector('.scroll'); return [box.scrollWidth -"
                        + " box.clientWidth, document.documentElement.scrollWidth -"
                        + " document.documentElement.clientWidth].join()"))
            .as("%d %s", width, theme)
            .isEqualTo("0,0");
        assertThat(
                browser.script(
                    "return [...document.querySelectorAll('table.runs tbody th *, table.runs tbody"
                        + " td *')].filter((one) => one.checkVisibility() &&"
                        + " (one.scrollHeight > one.clientHeight + 2 && one.clientHeight > 0"
                        + " || one.getClientRects().length > 4)).map((one) => one.outerHTML)"))
            .as("%d %s", width, theme)
            .isEqualTo(List.of());
        assertThat(browser.violations()).as("%d %s", width, theme).isEmpty();
      }
    }
    browser.theme("light");
  }
}
