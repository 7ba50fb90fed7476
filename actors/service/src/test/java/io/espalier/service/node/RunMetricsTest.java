package io.espalier.service.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.service.RunService;
import io.espalier.service.RunState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scrape of a real service shows of its runs. */
class RunMetricsTest {
  @TempDir private Path directory;
  private ScrapedService served;
  private RunService service;

  @BeforeEach
  void start() throws Exception {
    served = ScrapedService.start(directory);
    service = served.service();
  }

  @AfterEach
  void stop() {
    served.close();
  }

  @Test
  void service_withoutRuns_hasNoSeriesOfRuns() throws Exception {
    assertThat(served.metrics()).contains("espalier_runs{").doesNotContain("espalier_run_");
  }

  @Test
  void run_thatTrains_showsItsFigures() throws Exception {
    String run = held("held-worrying");

    String labels = "{name=\"held-worrying\",run=\"" + run + "\"} ";
    assertThat(served.metrics())
        .contains(
            "espalier_run_active" + labels + "1.0\n",
            "espalier_run_step" + labels + "4.0\n",
            "espalier_run_planned_steps" + labels + "5.0\n",
            "espalier_run_loss" + labels + "0.25\n",
            "espalier_run_evaluation_loss" + labels + "0.7\n",
            "espalier_run_accuracy" + labels + "0.5\n",
            "espalier_run_sparsity" + labels + "0.1\n",
            "espalier_run_mask_updates" + labels + "2.0\n",
            "espalier_run_alert{alert=\"no-progress\",name=\"held-worrying\",run=\""
                + run
                + "\"} 1")
        .containsPattern(
            "espalier_run_info\\{data=\"digits\",kind=\"training\",model=\"[^\"]+\",name=\"held-worrying\",run=\"%s\",score=\"[^\"]*\",seed=\"[0-9]+\",target=\"[^\"]*\"} 1"
                .formatted(run))
        .containsPattern("espalier_run_steps_per_second\\{[^}]*} [0-9]")
        .doesNotContain("espalier_run_bits_per_character");
  }

  @Test
  void run_thatLearnsAText_showsBits_notAccuracy() throws Exception {
    held("held-text");

    assertThat(served.metrics())
        .containsPattern("espalier_run_bits_per_character\\{[^}]*} 2.5")
        .doesNotContain("espalier_run_accuracy");
  }

  @Test
  void nameOfARun_withQuotes_isEscaped() throws Exception {
    held("held \\\"x\\\" \\\\ y");

    String scrape = served.metrics();

    assertThat(scrape).contains("name=\"held \\\"x\\\" \\\\ y\"");
    assertThat(Promtool.runWith(scrape, "check", "metrics")).doesNotContain("error while linting");
  }

  @Test
  void run_thatIsPaused_leavesNoSeries_andComesBackWithItsResumption() throws Exception {
    String run = held("held-pausing");

    TestService.get(service.pause(run));
    TestService.await(service, run, RunState.PAUSED);
    String paused = served.metrics();
    TestService.get(service.resume(run));
    TestService.await(service, run, RunState.FINISHED);

    assertThat(paused).doesNotContain(run);
    assertThat(lines(served.metrics(), "espalier_run_active")).hasSize(1);
  }

  @Test
  void run_thatEnded_keepsItsLastFigures_asOneThatIsNotActive_untilItIsDeleted() throws Exception {
    String run = TestService.submit(service, "ends", 3);
    TestService.await(service, run, RunState.FINISHED);

    String ended = served.metrics();
    TestService.get(service.delete(run));

    assertThat(lines(ended, "espalier_run_active")).allMatch(line -> line.endsWith(" 0.0"));
    assertThat(lines(ended, "espalier_run_step{")).singleElement().asString().endsWith(" 3.0");
    assertThat(lines(ended, "espalier_run_steps_per_second")).isEmpty();
    assertThat(served.metrics()).doesNotContain(run);
  }

  @Test
  void manyRuns_thatEnded_leaveABoundedNumberOfSeries() throws Exception {
    List<String> runs = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      runs.add(TestService.submit(service, "ends-" + i, 1));
    }
    for (String run : runs) {
      TestService.await(service, run, RunState.FINISHED);
    }

    assertThat(lines(served.metrics(), "espalier_run_active")).hasSize(20);
  }

  private String held(String name) throws Exception {
    String run = TestService.submit(service, name, 5);
    TestService.await(service, run, status -> status.reached().step() == 4);
    return run;
  }

  private static List<String> lines(String scrape, String metric) {
    return scrape.lines().filter(line -> line.startsWith(metric)).toList();
  }
}
