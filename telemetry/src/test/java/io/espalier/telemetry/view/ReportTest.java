package io.espalier.telemetry.view;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.telemetry.event.MaskEvent.MaskPicture;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.MaskEvent.ParameterMasks;
import io.espalier.telemetry.event.RunEvent.ParameterInfo;
import io.espalier.telemetry.event.RunEvent.ParametersDescribed;
import io.espalier.telemetry.event.RunEvent.RunFailed;
import io.espalier.telemetry.event.RunEvent.RunFinished;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.event.SampleEvents;
import io.espalier.telemetry.event.SampleRun;
import io.espalier.telemetry.event.TrainingEvent.EvaluationCompleted;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import io.espalier.telemetry.event.TrainingEvent.SyncTimes;
import io.espalier.telemetry.outbox.Outbox;
import io.espalier.telemetry.outbox.RunHistory;
import io.espalier.telemetry.view.Report.ReportedRun;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {
  private static final String ATTACK = "</script><script>alert('x')</script>{{data}}$1\\";

  @TempDir Path directory;
  private ReportFile report;

  @BeforeEach
  void open() {
    report = new ReportFile(directory);
  }

  @Test
  void write_wholeRun_holdsEverySection() throws IOException {
    report.append(SampleRun.events("lenet-5 gradual", "name = \"lenet-5 gradual\""));
    String page =
        report.write(
            new ReportedRun(
                directory,
                OptionalLong.of(247_900),
                Map.of("model", "lenet-5", "accuracy", 0.8934)));
    JsonNode data = ReportFile.data(page);

    assertThat(page).contains("<title>lenet-5 gradual – Espalier report</title>", "uplot");
    assertThat(data.at("/run/parts/run/state").asText()).isEqualTo("finished");
    assertThat(data.at("/run/parts/run/kept").asLong()).isEqualTo(3_074);
    assertThat(data.at("/run/parts/sizes/model").asLong()).isEqualTo(247_900);
    assertThat(data.at("/run/parts/sizes/dense").asLong()).isEqualTo(246_824);
    assertThat(data.at("/run/parts/summary/model").asText()).isEqualTo("lenet-5");
    assertThat(data.at("/run/parts/parameters")).hasSize(10);
    assertThat(data.at("/run/parts/parameters/1/kept").asLong()).isEqualTo(6);
    assertThat(data.at("/run/parts/provenance/recipe").asText())
        .isEqualTo("name = \"lenet-5 gradual\"");
    assertThat(names(data.at("/run/series")))
        .filteredOn(name -> name.startsWith("density/"))
        .hasSize(5);
    for (JsonNode series : data.at("/run/series")) {
      assertThat(series.get(0)).isNotEmpty().hasSameSizeAs(series.get(1));
    }
  }

  @Test
  void write_runWithClasses_holdsSettingsConfusionAndTimes() throws IOException {
    report.append(
        SampleRun.events("classes", "name = a, seed = 7, prune { sparsity = 0.9 }, tags = [x]"));

    JsonNode data =
        ReportFile.data(
            report.write(
                new ReportedRun(
                    directory,
                    OptionalLong.empty(),
                    Map.of(),
                    Map.of("classes", List.of("cat", "dog"), "counts", List.of(List.of(3, 1))))));

    assertThat(data.at("/run/parts/confusion/classes/1").asText()).isEqualTo("dog");
    assertThat(data.at("/run/parts/confusion/counts/0/1").asInt()).isEqualTo(1);
    assertThat(names(data.at("/run/parts/settings")))
        .containsExactlyInAnyOrder("seed", "prune.sparsity");
    assertThat(data.at("/run/parts/settings/prune.sparsity").asText()).isEqualTo("0.9");
    JsonNode clock = data.at("/run/series/clock/1");
    assertThat(clock.size()).isGreaterThan(1);
    assertThat(clock.get(clock.size() - 1).asDouble()).isGreaterThan(clock.get(0).asDouble());
  }

  @Test
  void write_analysedRun_holdsWhatWasFound() throws IOException {
    report.append(SampleRun.events("analysed", ""));
    Map<String, Object> analysis =
        Map.of("findings", Map.of("ece", Map.of("title", "Calibration </script>")));

    String page =
        report.write(
            new ReportedRun(directory, OptionalLong.empty(), Map.of(), Map.of(), analysis));

    assertThat(ReportFile.data(page).at("/run/parts/analysis/findings/ece/title").asText())
        .isEqualTo("Calibration </script>");
    assertThat(ReportFile.data(report.write()).at("/run/parts/analysis").isMissingNode()).isTrue();
  }

  @Test
  void write_longRun_thinsOutEveryChart() throws IOException {
    report.append(SampleRun.events("long", ""));

    JsonNode losses = ReportFile.data(report.write()).at("/run/series/trainLoss");

    assertThat(losses.get(0)).hasSizeBetween(1_000, 2_000);
    assertThat(losses.get(1)).hasSameSizeAs(losses.get(0));
  }

  @Test
  void write_markupInNames_staysData() throws IOException {
    report.append(SampleRun.events(ATTACK, "# " + ATTACK));

    String page = report.write();

    assertThat(page).doesNotContain("<script>alert").doesNotContain("</script><script>alert");
    assertThat(ReportFile.data(page).at("/run/parts/run/name").asText()).isEqualTo(ATTACK);
    assertThat(ReportFile.data(page).at("/run/parts/provenance/recipe").asText())
        .isEqualTo("# " + ATTACK);
  }

  @Test
  void write_page_asksForNothingOutside() throws IOException {
    report.append(SampleRun.events("alone", ""));

    String page = report.write();

    assertThat(page).doesNotContain("src=", "<link", "@import", "url(");
    String opening = "<script type=\"importmap\">";
    int from = page.indexOf(opening) + opening.length();
    JsonNode imports =
        new ObjectMapper()
            .readTree(page.substring(from, page.indexOf("</script>", from)))
            .path("imports");
    assertThat(names(imports)).contains("uplot", "espalier/report.js", "espalier/data/store.js");
    for (JsonNode each : imports) {
      String module = each.asText();
      assertThat(module).startsWith("data:text/javascript;base64,");
      String source =
          new String(Base64.getDecoder().decode(module.substring(module.indexOf(',') + 1)), UTF_8);
      assertThat(source).doesNotContain("fetch(", "import(", "XMLHttpRequest", "WebSocket");
    }
  }

  @Test
  void write_resumedRun_dropsWhatOlderAttemptsSaidAfterwards() throws IOException {
    report.append(
        List.of(
            SampleEvents.steps(0, 1, 1.0, 2.0),
            evaluation(2, 0.5),
            SampleEvents.steps(0, 3, 99.0, 99.0),
            evaluation(4, 0.9),
            new RunFailed(1, 4, "lost")));
    report.append(
        List.of(new RunResumed(2, 2), SampleEvents.steps(0, 3, 3.0, 4.0), evaluation(4, 0.6)));

    JsonNode data = ReportFile.data(report.write());

    assertThat(data.at("/run/series/trainLoss")).hasToString("[[1,2,3,4],[1.0,2.0,3.0,4.0]]");
    assertThat(data.at("/run/series/validationAccuracy")).hasToString("[[2,4],[0.5,0.6]]");
    assertThat(data.at("/run/parts/run/state").asText()).isEqualTo("running");
    assertThat(data.at("/run/parts/run/attempts").asInt()).isEqualTo(2);
  }

  @Test
  void write_diedAfterItsEndWasTold_isRunningAgain() throws IOException {
    report.append(List.of(evaluation(2, 0.5), new RunFinished(1, 4, 0.9, 0.3, 100, 7.5)));
    report.append(List.of(new RunResumed(2, 2)));

    assertThat(ReportFile.data(report.write()).at("/run/parts/run/state").asText())
        .isEqualTo("running");
    assertThat(RunHistory.read(directory).last(RunFinished.class)).isEmpty();
  }

  @Test
  void write_runBegunAnewWithoutCheckpoint_dropsAllThatWasMeasured() throws IOException {
    report.append(
        List.of(evaluation(0, 0.1), SampleEvents.steps(0, 1, 99.0, 99.0), evaluation(2, 0.9)));
    report.append(
        List.of(
            new RunResumed(2, 0),
            evaluation(0, 0.2),
            SampleEvents.steps(0, 1, 1.0, 2.0),
            evaluation(2, 0.6)));

    JsonNode data = ReportFile.data(report.write());

    assertThat(data.at("/run/series/trainLoss")).hasToString("[[1,2],[1.0,2.0]]");
    assertThat(data.at("/run/series/validationAccuracy")).hasToString("[[0,2],[0.2,0.6]]");
  }

  @Test
  void write_trainers_areAveragedPerStep() throws IOException {
    report.append(List.of(SampleEvents.steps(0, 1, 1.0, 2.0), SampleEvents.steps(1, 1, 3.0, 4.0)));

    assertThat(ReportFile.data(report.write()).at("/run/series/trainLoss"))
        .hasToString("[[1,2],[2.0,3.0]]");
  }

  @Test
  void write_notANumber_isNull() throws IOException {
    report.append(List.of(SampleEvents.steps(0, 1, 1.0, Double.NaN)));

    assertThat(ReportFile.data(report.write()).at("/run/series/trainLoss"))
        .hasToString("[[1,2],[1.0,null]]");
  }

  @Test
  void write_emptyOutbox_stillWrites() throws IOException {
    report.append(List.of());

    assertThat(ReportFile.data(report.write()).at("/run/parts/run/name").asText())
        .isEqualTo("empty run");
  }

  @Test
  void write_everyTypeOfEvent_isAccepted() throws IOException {
    report.append(SampleEvents.all());

    assertThat(ReportFile.data(report.write()).at("/run/parts/parameters")).hasSize(1);
  }

  @Test
  void write_comparedRun_standsBeside() throws IOException {
    report.append(SampleRun.events("pruned", ""));
    Path dense = directory.resolve("dense");
    try (Outbox outbox = Outbox.open(dense, new RunId("dense"), Clock.systemUTC())) {
      SampleRun.events(ATTACK, "").forEach(outbox::append);
    }
    var run = new ReportedRun(directory, OptionalLong.empty(), Map.of());
    var compared = new ReportedRun(dense, OptionalLong.of(1), Map.of("accuracy", 0.9));

    String page = report.write(run, Optional.of(compared));

    assertThat(page).doesNotContain("<script>alert").doesNotContain("</script><script>alert");
    JsonNode beside = ReportFile.data(page).at("/compared");
    assertThat(beside.at("/parts/run/name").asText()).isEqualTo(ATTACK);
    assertThat(beside.at("/parts/summary/accuracy").asDouble()).isEqualTo(0.9);
    assertThat(beside.at("/series/testAccuracy/1/0").asDouble()).isEqualTo(0.8934);
    assertThat(names(beside.path("parts")))
        .containsExactlyInAnyOrder(
            "run", "summary", "sizes", "parameters", "provenance", "settings", "marks");
  }

  @Test
  void write_alone_comparesNothing() throws IOException {
    report.append(SampleRun.events("alone", ""));

    assertThat(ReportFile.data(report.write()).has("compared")).isFalse();
  }

  @Test
  void write_manyPictures_showsFirstLastAndSomeBetween() throws IOException {
    report.append(IntStream.rangeClosed(1, 21).mapToObj(ReportTest::picture).toList());

    JsonNode picture = ReportFile.data(report.write()).at("/run/parts/picture~1fc1.weight~1pixels");

    assertThat(picture.at("/name").asText()).isEqualTo("fc1.weight");
    assertThat(picture.at("/moments"))
        .extracting(each -> each.path("version").asInt())
        .containsExactly(1, 5, 9, 13, 17, 21);
    assertThat(picture.at("/moments/0/cells").asText()).isEqualTo("/w==");
  }

  @Test
  void write_updates_tellsChurnOfAllParametersTogether() throws IOException {
    report.append(List.of(update(10, 60, 40, 0), update(20, 50, 15, 5)));

    JsonNode charts = ReportFile.data(report.write()).at("/run/series");

    assertThat(charts.at("/pruned")).hasToString("[[10,20],[40.0,15.0]]");
    assertThat(charts.at("/regrown")).hasToString("[[10,20],[0.0,5.0]]");
  }

  @Test
  void write_trainers_eachHaveTheirTime() throws IOException {
    report.append(
        List.of(
            steps(0, 10, new SyncTimes(1, 5, 2, 0.5, 0.25)),
            steps(1, 11, new SyncTimes(1, 4, 2, 0.5, 0.25)),
            new SyncCompleted(4, 1, 1, 1, 1, 0, 0, "d", 3),
            update(4, 50, 50, 0),
            new EvaluationCompleted(4, 1, "test", "final", 0.5, 1, 10, 0.75)));

    JsonNode times = ReportFile.data(report.write()).at("/run/parts/times");

    assertThat(times.get(0))
        .hasToString(
            "{\"trainer\":0,\"compute\":10.0,\"transfer\":3.0,\"wait\":1.0,\"average\":3.0,"
                + "\"prune\":1.0,\"apply\":0.5,\"evaluate\":1.0}");
    assertThat(times.at("/1/compute").asDouble()).isEqualTo(11);
    assertThat(times.at("/1/wait").asDouble()).isZero();
  }

  @Test
  void write_stepsOfOlderVersion_tellNoSplit() throws IOException {
    report.append(
        List.of(new StepsMeasured(0, 1, List.of(1.0), List.of(1.0), 0.1, 1, 1, Optional.empty())));

    assertThat(ReportFile.data(report.write()).at("/run/parts/times")).isEmpty();
  }

  @Test
  void write_prunedNetwork_countsKeptValuesAndPackedMasks() throws IOException {
    report.append(
        List.of(
            new ParametersDescribed(
                List.of(
                    new ParameterInfo("fc1.weight", List.of(10L, 10L), 100, true, 100),
                    new ParameterInfo("fc1.bias", List.of(10L), 10, false, 0))),
            update(4, 21, 79, 0)));

    JsonNode sizes = ReportFile.data(report.write()).at("/run/parts/sizes");

    assertThat(sizes.path("dense").asInt()).isEqualTo(440);
    assertThat(sizes.path("sparse").asInt()).isEqualTo(21 * 4 + 13 + 40);
  }

  private static StepsMeasured steps(int trainer, double seconds, SyncTimes sync) {
    return new StepsMeasured(
        trainer, 1, List.of(1.0), List.of(0.5), 0.1, seconds, 1, Optional.of(sync));
  }

  private static MasksUpdated update(long step, long kept, long pruned, long regrown) {
    var masks = new ParameterMasks("fc1.weight", 100, kept, kept, pruned, regrown);
    return new MasksUpdated(step, 1, 0.5, 0.5, kept, List.of(masks), 1);
  }

  private static MaskPicture picture(int version) {
    return new MaskPicture(
        "fc1.weight", 10L * version, version, "pixels", 1, 1, "row", "column", 1, "/w==");
  }

  private static EvaluationCompleted evaluation(long step, double accuracy) {
    return new EvaluationCompleted(
        step,
        0,
        EvaluationCompleted.VALIDATION,
        EvaluationCompleted.REGULAR,
        accuracy,
        1 - accuracy,
        100,
        0.01);
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
