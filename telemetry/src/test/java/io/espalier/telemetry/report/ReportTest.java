package io.espalier.telemetry.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.RunEvent.RunFailed;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.event.SampleEvents;
import io.espalier.telemetry.event.TrainingEvent.EvaluationCompleted;
import io.espalier.telemetry.outbox.Outbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {
  private static final ReportFacts NO_FACTS =
      new ReportFacts(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), Map.of());
  private static final String ATTACK = "</script><script>alert('x')</script>{{data}}$1\\";

  @TempDir Path directory;

  @Test
  void write_wholeRun_holdsEverySection() throws IOException {
    append(SampleRun.events("lenet-5 gradual", "name = \"lenet-5 gradual\""));
    var facts =
        new ReportFacts(
            OptionalLong.of(246_824),
            OptionalLong.of(21_300),
            OptionalLong.of(247_900),
            Map.of("model", "lenet-5", "accuracy", 0.8934));

    String page = write(facts);
    JsonNode data = data(page);

    assertThat(page).contains("<title>lenet-5 gradual – Espalier report</title>", "uPlot");
    assertThat(data.at("/run/state").asText()).isEqualTo("finished");
    assertThat(data.at("/run/kept").asLong()).isEqualTo(3_074);
    assertThat(data.at("/sizes/sparse").asLong()).isEqualTo(21_300);
    assertThat(data.at("/summary/model").asText()).isEqualTo("lenet-5");
    assertThat(data.at("/parameters")).hasSize(10);
    assertThat(data.at("/parameters/1/kept").asLong()).isEqualTo(6);
    assertThat(data.at("/provenance/recipe").asText()).isEqualTo("name = \"lenet-5 gradual\"");
    assertThat(data.at("/charts/density/names")).hasSize(5);
    for (JsonNode chart : data.at("/charts")) {
      assertThat(chart).isNotEmpty();
    }
  }

  @Test
  void write_longRun_thinsOutEveryChart() throws IOException {
    append(SampleRun.events("long", ""));

    JsonNode losses = data(write(NO_FACTS)).at("/charts/trainLoss");

    assertThat(losses.get(0)).hasSize(2_000);
    assertThat(losses.get(1)).hasSize(2_000);
  }

  @Test
  void write_markupInNames_staysData() throws IOException {
    append(SampleRun.events(ATTACK, "# " + ATTACK));

    String page = write(NO_FACTS);

    assertThat(page).doesNotContain("<script>alert").doesNotContain("</script><script>alert");
    assertThat(data(page).at("/run/name").asText()).isEqualTo(ATTACK);
    assertThat(data(page).at("/provenance/recipe").asText()).isEqualTo("# " + ATTACK);
  }

  @Test
  void write_page_asksForNothingOutside() throws IOException {
    append(SampleRun.events("alone", ""));

    String page = write(NO_FACTS);

    assertThat(page).doesNotContain("src=", "<link", "@import", "url(", "fetch(", "import(");
  }

  @Test
  void write_resumedRun_dropsWhatOlderAttemptsSaidAfterwards() throws IOException {
    append(
        List.of(
            SampleEvents.steps(0, 1, 1.0, 2.0),
            evaluation(2, 0.5),
            SampleEvents.steps(0, 3, 99.0, 99.0),
            evaluation(4, 0.9),
            new RunFailed(1, 4, "lost")));
    append(List.of(new RunResumed(2, 2), SampleEvents.steps(0, 3, 3.0, 4.0), evaluation(4, 0.6)));

    JsonNode data = data(write(NO_FACTS));

    assertThat(data.at("/charts/trainLoss")).hasToString("[[1,2,3,4],[1.0,2.0,3.0,4.0]]");
    assertThat(data.at("/charts/validationAccuracy")).hasToString("[[2,4],[0.5,0.6]]");
    assertThat(data.at("/run/state").asText()).isEqualTo("running");
    assertThat(data.at("/run/attempts").asInt()).isEqualTo(2);
  }

  @Test
  void write_runBegunAnewWithoutCheckpoint_dropsAllThatWasMeasured() throws IOException {
    append(List.of(evaluation(0, 0.1), SampleEvents.steps(0, 1, 99.0, 99.0), evaluation(2, 0.9)));
    append(
        List.of(
            new RunResumed(2, 0),
            evaluation(0, 0.2),
            SampleEvents.steps(0, 1, 1.0, 2.0),
            evaluation(2, 0.6)));

    JsonNode data = data(write(NO_FACTS));

    assertThat(data.at("/charts/trainLoss")).hasToString("[[1,2],[1.0,2.0]]");
    assertThat(data.at("/charts/validationAccuracy")).hasToString("[[0,2],[0.2,0.6]]");
  }

  @Test
  void write_trainers_areAveragedPerStep() throws IOException {
    append(List.of(SampleEvents.steps(0, 1, 1.0, 2.0), SampleEvents.steps(1, 1, 3.0, 4.0)));

    assertThat(data(write(NO_FACTS)).at("/charts/trainLoss")).hasToString("[[1,2],[2.0,3.0]]");
  }

  @Test
  void write_notANumber_isNull() throws IOException {
    append(List.of(SampleEvents.steps(0, 1, 1.0, Double.NaN)));

    assertThat(data(write(NO_FACTS)).at("/charts/trainLoss")).hasToString("[[1,2],[1.0,null]]");
  }

  @Test
  void write_emptyOutbox_stillWrites() throws IOException {
    append(List.of());

    assertThat(data(write(NO_FACTS)).at("/run/name").asText()).isEqualTo("empty run");
  }

  @Test
  void write_everyTypeOfEvent_isAccepted() throws IOException {
    append(SampleEvents.all());

    assertThat(data(write(NO_FACTS)).at("/parameters")).hasSize(1);
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

  private void append(List<? extends Event> events) throws IOException {
    try (Outbox outbox = Outbox.open(directory, new RunId("run"), Clock.systemUTC())) {
      events.forEach(outbox::append);
    }
  }

  private String write(ReportFacts facts) throws IOException {
    Path target = directory.resolve("report.html");
    Report.write(directory, target, facts);
    return Files.readString(target);
  }

  private static JsonNode data(String page) throws IOException {
    String opening = "<script type=\"application/json\" id=\"data\">";
    int from = page.indexOf(opening) + opening.length();
    return new ObjectMapper().readTree(page.substring(from, page.indexOf("</script>", from)));
  }
}
