package io.espalier.telemetry.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.telemetry.event.FederationEvent.ClientLeft;
import io.espalier.telemetry.event.FederationEvent.UpdateRefused;
import io.espalier.telemetry.event.HostEvent.ResourcesMeasured;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import io.espalier.telemetry.event.RunEvent.RunState;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class EventJsonTest {
  private static final RunId RUN = new RunId("lenet-5-20260101T000000");
  private static final Instant TIME = Instant.parse("2026-01-01T00:00:00.123456Z");

  static List<Event> samples() {
    return SampleEvents.all();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void envelope_everyEvent_survivesItsLine(Event event) throws IOException {
    Envelope envelope = Envelope.of(RUN, 7, 2, TIME, event);

    byte[] line = EventJson.line(envelope);

    assertThat(line).doesNotContain('\n');
    assertThat(EventJson.envelope(line).decode()).contains(envelope);
  }

  @Test
  void line_resumedRun_hasDocumentedForm() {
    byte[] line = EventJson.line(Envelope.of(RUN, 3, 2, TIME, new RunResumed(2, 800)));

    assertThat(new String(line, UTF_8))
        .isEqualTo(
            "{\"id\":\"lenet-5-20260101T000000/events-3\",\"source\":\"lenet-5-20260101T000000\","
                + "\"type\":\"io.espalier.run.resumed.v1\",\"topic\":\"espalier.events.v1\","
                + "\"sequence\":3,\"attempt\":2,\"key\":\"lenet-5-20260101T000000\","
                + "\"time\":\"2026-01-01T00:00:00.123456Z\","
                + "\"data\":{\"attempt\":2,\"fromStep\":800}}");
  }

  @Test
  void envelope_ofTrainer_namesItInSource() {
    Envelope envelope = Envelope.of(RUN, 1, 1, TIME, SampleEvents.steps(1, 1, 0.5));

    assertThat(envelope.source()).isEqualTo(RUN + "/trainer-1");
    assertThat(envelope.run()).isEqualTo(RUN);
    assertThat(envelope.key()).isEqualTo(RUN.value());
  }

  @Test
  void envelope_ofParameter_hasFinerKey() {
    Event event = new MaskEvent.ParameterMaskState("conv1.weight", 1, 1, 10, 9, 1, 0);

    assertThat(Envelope.of(RUN, 1, 1, TIME, event).key()).isEqualTo(RUN + ":conv1.weight");
  }

  @Test
  void envelope_ofClient_hasItsNameInTheKey() {
    Event left = new ClientLeft("meter-17", "stream ended");
    Event refused = new UpdateRefused(Optional.empty(), Optional.empty(), "unknown-client", "");

    assertThat(Envelope.of(RUN, 1, 1, TIME, left).key()).isEqualTo(RUN + ":meter-17");
    assertThat(Envelope.of(RUN, 1, 1, TIME, left).topic()).isEqualTo(Topic.CLIENTS);
    assertThat(Envelope.of(RUN, 1, 1, TIME, refused).key()).isEqualTo(RUN.value());
  }

  @Test
  void decode_newerFields_areIgnored() throws IOException {
    String line =
        "{\"id\":\"lenet-5-20260101T000000/events-3\",\"source\":\"r\",\"type\":\"io.espalier.run.resumed.v1\","
            + "\"topic\":\"espalier.events.v1\",\"sequence\":3,\"attempt\":2,\"key\":\"r\","
            + "\"time\":\"2026-01-01T00:00:00Z\",\"mood\":\"good\","
            + "\"data\":{\"attempt\":2,\"fromStep\":800,\"why\":\"crash\"}}";

    assertThat(EventJson.envelope(line.getBytes(UTF_8)).decode().orElseThrow().event())
        .isEqualTo(new RunResumed(2, 800));
  }

  @Test
  void event_ofOlderVersion_lacksWhatCameLater() throws IOException {
    String steps =
        "{\"trainer\":0,\"firstStep\":1,\"losses\":[2.0],\"accuracies\":[0.5],"
            + "\"learningRate\":0.1,\"computeSeconds\":0.2,\"samplesPerSecond\":640.0}";
    String sync =
        "{\"step\":16,\"maskVersion\":1,\"bytesUp\":1,\"bytesDown\":2,\"bytesDense\":4,"
            + "\"waitSeconds\":0.5,\"slowestTrainer\":1,\"stateDigest\":\"d\"}";

    assertThat(EventJson.event(type("steps.measured"), steps.getBytes(UTF_8)))
        .isEqualTo(
            new StepsMeasured(0, 1, List.of(2.0), List.of(0.5), 0.1, 0.2, 640, Optional.empty()));
    assertThat(EventJson.event(type("sync.completed"), sync.getBytes(UTF_8)))
        .isEqualTo(new SyncCompleted(16, 1, 1, 2, 4, 0.5, 1, "d", 0));
  }

  @Test
  void event_withoutAText_isRefused() {
    byte[] failed = "{\"attempt\":1,\"step\":5}".getBytes(UTF_8);
    byte[] nothing = "null".getBytes(UTF_8);

    assertThatThrownBy(() -> EventJson.event(type("run.failed"), failed))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("reason");
    assertThatThrownBy(() -> EventJson.event(type("run.failed"), nothing))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("io.espalier.run.failed.v1");
  }

  @Test
  void envelope_timeBeyondTheYear9999_isRefused() {
    Instant late = Instant.parse("+10000-01-01T00:00:00Z");

    assertThatThrownBy(() -> Envelope.of(RUN, 1, 1, late, new RunResumed(1, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("time");
    assertThatThrownBy(() -> Envelope.of(RUN, 1, 1, Instant.MIN, new RunResumed(1, 0)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void event_ofVersionWithoutTagsAndDisks_lacksThem() throws IOException {
    String started =
        "{\"recipeName\":\"pear\",\"attempt\":1,\"trainers\":2,\"totalSteps\":100,"
            + "\"stepsPerEpoch\":10,\"prunable\":1000,\"finalKept\":100,\"finalSparsity\":0.9}";
    String state =
        "{\"state\":\"running\",\"recipeName\":\"pear\",\"attempt\":1,\"step\":5,"
            + "\"totalSteps\":100,\"sparsity\":0.5,\"accuracy\":null}";
    String resources =
        "{\"processCpu\":0.5,\"heapBytes\":1,\"residentBytes\":2,\"backPressure\":3,"
            + "\"threads\":4,\"unshippedBytes\":5}";

    assertThat(EventJson.event(type("run.started"), started.getBytes(UTF_8)))
        .isEqualTo(new RunStarted("pear", 1, 2, 100, 10, 1_000, 100, 0.9, List.of()));
    assertThat(EventJson.event(type("run.state"), state.getBytes(UTF_8)))
        .isEqualTo(
            new RunState("running", "pear", 1, 5, 100, 0.5, OptionalDouble.empty(), List.of()));
    assertThat(EventJson.event(type("resources.measured"), resources.getBytes(UTF_8)))
        .isEqualTo(new ResourcesMeasured(0.5, 1, 2, 3, 4, 5, 0, OptionalLong.empty(), 0, 0));
  }

  @Test
  void envelope_ofPicture_hasAKeyPerView() {
    Event event =
        new MaskEvent.MaskPicture("fc1.weight", 1, 1, "pixels", 1, 1, "row", "column", 1, "/w==");

    assertThat(Envelope.of(RUN, 1, 1, TIME, event).key()).isEqualTo(RUN + ":fc1.weight:pixels");
  }

  @Test
  void decode_newerType_isEmpty() throws IOException {
    String line =
        "{\"id\":\"lenet-5-20260101T000000/events-3\",\"source\":\"r\",\"type\":\"io.espalier.run.cloned.v1\","
            + "\"topic\":\"espalier.events.v1\",\"sequence\":3,\"attempt\":2,\"key\":\"r\","
            + "\"time\":\"2026-01-01T00:00:00Z\",\"data\":{}}";

    assertThat(EventJson.envelope(line.getBytes(UTF_8)).decode()).isEmpty();
  }

  @Test
  void event_notANumber_survives() throws IOException {
    StepsMeasured event = SampleEvents.steps(0, 1, Double.NaN, Double.POSITIVE_INFINITY);

    assertThat(EventJson.event(EventType.of(event), EventJson.data(event))).isEqualTo(event);
  }

  @Test
  void event_absentAccuracy_isNullInJson() {
    var state = new RunState("running", "r", 1, 0, 10, 0, OptionalDouble.empty(), List.of());

    assertThat(new String(EventJson.data(state), UTF_8)).contains("\"accuracy\":null");
  }

  @Test
  void envelope_dataOfANewerVersion_passesAsItStands() throws IOException {
    String data = "{\"a\":[{\"id\":\"x\"},1.0E-4],\"ü\":null}";
    String line =
        "{\"source\":\"ü\",\"new\":{\"data\":{}},\"data\":%s,\"time\":\"2026-01-01T00:00:00Z\",\"id\":\"i\"}"
            .formatted(data);

    RawEnvelope envelope = EventJson.envelope(line.getBytes(UTF_8));

    assertThat(envelope.data()).isEqualTo(data);
    assertThat(envelope.id()).isEqualTo("i");
    assertThat(envelope.source()).isEqualTo("ü");
  }

  @Test
  void envelope_cutShort_throws() {
    byte[] line = EventJson.line(Envelope.of(RUN, 3, 2, TIME, new RunResumed(2, 800)));

    for (int length = 0; length < line.length; length++) {
      byte[] start = Arrays.copyOf(line, length);
      assertThatThrownBy(() -> EventJson.envelope(start)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void envelope_ofSomethingElse_throws() {
    assertThatThrownBy(() -> EventJson.envelope("{\"a\":1}".getBytes(UTF_8)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("must be an envelope");
    assertThatThrownBy(() -> EventJson.envelope("nothing".getBytes(UTF_8)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void runId_fromName_replacesWhatNeedsEscapes() {
    assertThat(RunId.from("lenet-5 gradual: 95 %/ü").value()).isEqualTo("lenet-5-gradual-95-");
    assertThatThrownBy(() -> new RunId("a b")).hasMessageContaining("run=a b");
  }

  private static EventType type(String name) {
    return EventType.named("io.espalier." + name + ".v1").orElseThrow();
  }
}
