package io.espalier.telemetry.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.EventType;
import io.espalier.telemetry.event.HostEvent.AlertRaised;
import io.espalier.telemetry.event.HostEvent.ResourcesMeasured;
import io.espalier.telemetry.event.RawEnvelope;
import io.espalier.telemetry.event.RunEvent.RunFailed;
import io.espalier.telemetry.event.RunEvent.RunFinished;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import io.espalier.telemetry.event.RunEvent.RunState;
import io.espalier.telemetry.event.RunEvent.RunStopped;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.view.ReadModel.TopicProgress;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class ReadModelTest {
  private static final Instant BEGUN = RandomRun.BEGUN;
  private static final Subject A = Subject.parse("run:a");

  private final SetClock clock = new SetClock();
  private final ReadModel model = new ReadModel(clock);
  private final Map<String, Long> sequences = new HashMap<>();
  private Instant time = BEGUN;

  private static final class SetClock extends Clock {
    private Instant now = BEGUN;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @Test
  void poll_firstThenAgain_tellsAllAndThenWhatIsNew() {
    tell("a", started(1));
    tell("a", steps(1, 1.0, 2.0));
    Subscription subscription = model.subscribe(List.of(A));

    JsonNode snapshot = only(subscription.poll());
    tell("a", steps(3, 3.0));
    JsonNode change = only(subscription.poll());

    assertThat(snapshot.path("type").asText()).isEqualTo("snapshot");
    assertThat(snapshot.at("/series/trainLoss")).hasToString("{\"all\":[[1,2],[1.0,2.0]]}");
    assertThat(change.path("type").asText()).isEqualTo("change");
    assertThat(change.at("/series/trainLoss")).hasToString("{\"append\":[[3],[3.0]]}");
    assertThat(change.path("parts").has("provenance")).isFalse();
    assertThat(change.at("/parts/run/step").asLong()).isEqualTo(3);
    assertThat(subscription.poll()).isEmpty();
  }

  @Test
  void poll_eventsThatLackAllTheirFields_tellsTheRunsAllTheSame() {
    Subscription subscription = model.subscribe(List.of(Subject.RUNS, Subject.SYSTEM, A));
    tell("a", started(1));

    EventType.all().forEach(this::tellNothing);

    assertThat(subscription.poll())
        .extracting(message -> message.path("subject").asText())
        .containsExactly("runs", "system", "run:a");
  }

  /** An event of a stranger that has no field at all. */
  private void tellNothing(EventType type) {
    var empty =
        new RawEnvelope(
            "x", "a", type.name(), type.topic().topicName(), 1_000, 1, "a", BEGUN, "{}");
    try {
      model.take(empty.decode().orElseThrow());
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("property");
    }
  }

  @Test
  void poll_runThatBreaksWhenItIsRead_isAbsentAndOthersGoOn() {
    Subscription subscription =
        model.subscribe(List.of(Subject.RUNS, Subject.SYSTEM, A, Subject.parse("run:b")));
    Reader rows = new Reader();
    tell("a", started(1));
    tell("b", started(1));
    rows.apply("runs", subscription.poll());

    tell("a", new AlertRaised("odd", 1, nothing()));
    tell("b", steps(1, 1.0));
    List<JsonNode> messages = subscription.poll();
    rows.apply("runs", messages);

    assertThat(messages)
        .anySatisfy(message -> assertAbsent(message))
        .anySatisfy(
            message -> {
              assertThat(message.path("subject").asText()).isEqualTo("run:b");
              assertThat(message.at("/parts/run/step").asLong()).isEqualTo(1);
            });
    assertThat(rows.document().at("/parts/a/name").asText()).isEqualTo("a's recipe");
    assertThat(rows.document().at("/parts/b/step").asLong()).isEqualTo(1);
    time = BEGUN.plusSeconds(1);
    tell("a", steps(1, 1.0));
    assertThat(subscription.poll())
        .extracting(message -> message.path("type").asText())
        .containsExactly("change");
  }

  @Test
  void take_runThatBreaks_isAbsentWithAReasonAndOthersGoOn() {
    Subject b = Subject.parse("run:b");
    tell("a", started(1));
    tell("b", started(1));

    tell("a", new RunFailed(1, 3, nothing()));
    tell("b", steps(1, 1.0));

    assertAbsent(only(model.subscribe(List.of(A)).poll()));
    JsonNode other = only(model.subscribe(List.of(b)).poll());
    assertThat(other.at("/parts/run/step").asLong()).isEqualTo(1);
    assertThat(only(model.subscribe(List.of(Subject.RUNS)).poll()).path("parts")).hasSize(2);
  }

  private static void assertAbsent(JsonNode message) {
    assertThat(message.path("subject").asText()).isEqualTo("run:a");
    assertThat(message.path("type").asText()).isEqualTo("absent");
    assertThat(message.path("reason").asText()).contains("error");
  }

  /** A text that no event from a record lacks, so that what is done with it breaks. */
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    return null;
  }

  @Test
  void poll_textsAsLongAsARecord_areCut() {
    String endless = "x".repeat(100_000);
    List<String> tags = Collections.nCopies(1_000, endless);
    Subscription subscription = model.subscribe(List.of(Subject.RUNS, A));

    tell("a", new RunStarted(endless, 1, 1, 100, 10, 50, 25, 0.5, tags));
    tell("a", new RunFailed(1, 3, endless));
    tell("b", new RunState("running", endless, 1, 7, 70, 0, OptionalDouble.empty(), tags));
    List<JsonNode> messages = subscription.poll();

    JsonNode rows = messages.get(0).path("parts");
    assertThat(rows).hasSize(2).allSatisfy(ReadModelTest::assertBounded);
    assertBounded(messages.get(1).at("/parts/run"));
    assertThat(rows.at("/a/reason").asText()).hasSize(2_000).endsWith("x…");
  }

  private static void assertBounded(JsonNode facts) {
    assertThat(facts.path("name").asText()).hasSize(200).endsWith("x…");
    assertThat(facts.path("tags")).hasSize(16);
    assertThat(facts.path("tags")).allSatisfy(tag -> assertThat(tag.asText()).hasSize(40));
  }

  @Test
  void poll_resumedRun_tellsSeriesAnew() {
    tell("a", started(1));
    tell("a", steps(1, 1.0, 2.0));
    Subscription subscription = model.subscribe(List.of(A));
    subscription.poll();

    take("a", 2, new RunResumed(2, 1));
    JsonNode change = only(subscription.poll());

    assertThat(change.at("/series/trainLoss")).hasToString("{\"all\":[[1],[1.0]]}");
  }

  @Test
  void poll_unknownRun_isAbsentOnceUntilItAppears() {
    Subscription subscription = model.subscribe(List.of(A));

    assertThat(only(subscription.poll()))
        .hasToString("{\"type\":\"absent\",\"subject\":\"run:a\"}");
    assertThat(subscription.poll()).isEmpty();
    tell("a", started(1));
    assertThat(only(subscription.poll()).path("type").asText()).isEqualTo("snapshot");
  }

  @Test
  void take_sameEventAgain_changesNothing() {
    tell("a", started(1));
    Envelope steps = tell("a", steps(1, 1.0));
    Subscription subscription = model.subscribe(List.of(A, Subject.RUNS));
    subscription.poll();

    model.take(steps);

    assertThat(subscription.poll()).isEmpty();
  }

  @Test
  void poll_runs_holdsARowEach() {
    tell("a", started(1));
    tell("a", steps(1, 4.0, 3.0));
    tell(
        "b",
        new RunState("running", "other", 1, 7, 70, 0.25, OptionalDouble.of(0.5), List.of("x")));
    Subscription subscription = model.subscribe(List.of(Subject.RUNS));

    JsonNode rows = only(subscription.poll()).path("parts");
    tell("b", new RunFinished(1, 70, 0.75, 0.5, 5, 1));
    JsonNode changed = only(subscription.poll()).path("parts");

    assertThat(rows.at("/a/name").asText()).isEqualTo("a's recipe");
    assertThat(rows.at("/a/spark")).hasToString("[4.0,3.0]");
    assertThat(rows.at("/b/sparsity").asDouble()).isEqualTo(0.25);
    assertThat(rows.at("/b/tags")).hasToString("[\"x\"]");
    assertThat(changed).hasSize(1);
    assertThat(changed.at("/b/state").asText()).isEqualTo("finished");
    assertThat(changed.at("/b/accuracy").asDouble()).isEqualTo(0.75);
    assertThat(changed.at("/b/loss").asDouble()).isEqualTo(0.5);
  }

  @Test
  void poll_silentRun_hasAnAlertUntilItIsHeardOf() {
    tell("a", started(1));
    tell("a", new ResourcesMeasured(0.5, 1, 2, 3, 4, 5, 6, OptionalLong.empty(), 7, 20));
    Subscription subscription = model.subscribe(List.of(A, Subject.RUNS));
    subscription.poll();

    clock.now = BEGUN.plusSeconds(50);
    assertThat(subscription.poll()).isEmpty();
    clock.now = BEGUN.plusSeconds(70);
    List<JsonNode> silent = subscription.poll();
    time = clock.now;
    tell("a", steps(1, 1.0));
    List<JsonNode> heard = subscription.poll();

    assertThat(silent).hasSize(2);
    assertThat(silent.get(0).at("/parts/alerts/0/kind").asText()).isEqualTo("silent");
    assertThat(silent.get(0).at("/parts/run/alerts/0/kind").asText()).isEqualTo("silent");
    assertThat(silent.get(1).at("/parts/a/alerts/0/kind").asText()).isEqualTo("silent");
    assertThat(heard.get(0).at("/parts/alerts")).hasToString("[]");
  }

  @Test
  void poll_paceOfTheRun_tellsWhenItWillEnd() {
    tell("a", started(1));
    time = BEGUN.plusSeconds(10);
    tell("a", steps(1, 1.0));
    time = BEGUN.plusSeconds(12);
    tell("a", steps(2, 1.0, 1.0, 1.0, 1.0));

    JsonNode run = only(model.subscribe(List.of(A)).poll()).at("/parts/run");

    assertThat(run.path("rate").asDouble()).isEqualTo(2);
    assertThat(run.path("etaSeconds").asDouble()).isEqualTo((100 - 5) / 2.0);
  }

  @Test
  void take_moreRunsThanFit_keepsTheNewest() {
    Subscription subscription = model.subscribe(List.of(Subject.RUNS));
    Reader reader = new Reader();
    int extra = 5;
    for (int i = 0; i < ReadModel.MOST_RUNS + extra; i++) {
      time = BEGUN.plusSeconds(i);
      clock.now = time;
      tell("run-" + i, new RunState("stopped", "r", 1, i, 9, 0, OptionalDouble.empty(), List.of()));
      if (i % 100 == 0) {
        reader.apply("runs", subscription.poll());
      }
    }
    reader.apply("runs", subscription.poll());

    assertThat(reader.parts()).hasSize(ReadModel.MOST_RUNS).doesNotContainKeys("run-0", "run-4");
    assertThat(reader.document().at("/parts/run-5/step").asLong()).isEqualTo(5);
    JsonNode old = only(model.subscribe(List.of(Subject.parse("run:run-700"))).poll());
    assertThat(old.path("reason").asText()).isEqualTo("detail of the 200 newest runs is kept");
    JsonNode recent = only(model.subscribe(List.of(Subject.parse("run:run-900"))).poll());
    assertThat(recent.path("type").asText()).isEqualTo("snapshot");
  }

  @Test
  void take_oldRunOfManyIsHeardOfAgain_getsADocumentAndKeepsItsRow() {
    for (int i = 0; i < ReadModel.MOST_DOCUMENTS + 1; i++) {
      time = BEGUN.plusSeconds(i);
      tell(
          "run-" + i,
          new RunState("running", "r" + i, 1, 3, 9, 0, OptionalDouble.empty(), List.of()));
    }
    Subject oldest = Subject.parse("run:run-0");
    assertThat(only(model.subscribe(List.of(oldest)).poll()).path("type").asText())
        .isEqualTo("absent");

    time = BEGUN.plusSeconds(9_000);
    clock.now = time;
    tell("run-0", steps(5, 1.0));

    JsonNode snapshot = only(model.subscribe(List.of(oldest)).poll());
    assertThat(snapshot.path("type").asText()).isEqualTo("snapshot");
    assertThat(snapshot.at("/parts/gaps/0"))
        .hasToString("{\"from\":1,\"to\":4,\"what\":\"steps of trainer 0\"}");
    JsonNode row = only(model.subscribe(List.of(Subject.RUNS)).poll()).at("/parts/run-0");
    assertThat(row.path("name").asText()).isEqualTo("r0");
    assertThat(row.path("begun").asLong()).isEqualTo(BEGUN.toEpochMilli());
    assertThat(row.path("step").asLong()).isEqualTo(5);
  }

  @Test
  void poll_silentRunWithoutADocument_hasAnAlertUntilItIsHeardOf() {
    for (int i = 0; i < ReadModel.MOST_DOCUMENTS + 1; i++) {
      time = BEGUN.plusMillis(i);
      tell("run-" + i, state("running"));
    }
    Subscription subscription = model.subscribe(List.of(Subject.RUNS));
    JsonNode before = only(subscription.poll()).at("/parts/run-0");

    clock.now = BEGUN.plusSeconds(60);
    JsonNode silent = only(subscription.poll()).at("/parts/run-0");
    time = BEGUN.plusMillis(1);
    tell("run-0", state("stopped"));
    JsonNode stopped = only(subscription.poll()).at("/parts/run-0");

    assertThat(before.path("alerts")).isEmpty();
    assertThat(silent.at("/alerts/0/kind").asText()).isEqualTo("silent");
    assertThat(silent.at("/alerts/0/since").asLong()).isEqualTo(BEGUN.toEpochMilli());
    assertThat(stopped.path("alerts")).isEmpty();
  }

  @Test
  void take_eventOfAClockThatIsAhead_countsAsToldNow() {
    time = BEGUN.plus(Duration.ofDays(9));
    tell("a", started(1));
    tell("b", new RunFinished(1, 2, 0.5, 0.5, 5, 1));
    Subscription subscription = model.subscribe(List.of(Subject.RUNS));

    JsonNode rows = only(subscription.poll()).path("parts");
    clock.now = BEGUN.plusSeconds(60);
    JsonNode silent = only(subscription.poll()).path("parts");

    assertThat(rows.at("/a/updated").asLong()).isEqualTo(BEGUN.toEpochMilli());
    assertThat(rows.at("/b/updated").asLong()).isEqualTo(BEGUN.toEpochMilli());
    assertThat(silent.at("/a/alerts/0/kind").asText()).isEqualTo("silent");
  }

  @Test
  void take_eventOfAClockThatIsAheadByLittle_keepsItsTime() {
    time = BEGUN.plusSeconds(200);

    assertThat(model.take(Envelope.of(new RunId("a"), 1, 1, time, started(1)))).isEqualTo(time);
  }

  @Test
  void poll_stopsOfAllVersions_haveTheStatesOfThisOne() {
    tell("interrupted", new RunStopped(1, 2, "interrupted"));
    tell("cancelled", new RunStopped(1, 2, "cancelled"));
    tell("listed", state("stopped"));
    tell("paused", new RunStopped(1, 2, "interrupted", Optional.of(RunState.PAUSED)));
    tell("queued", new RunStopped(1, 2, "the service was stopped", Optional.of(RunState.QUEUED)));

    JsonNode rows = only(model.subscribe(List.of(Subject.RUNS)).poll()).path("parts");

    assertThat(rows.at("/interrupted/state").asText()).isEqualTo("paused");
    assertThat(rows.at("/cancelled/state").asText()).isEqualTo("cancelled");
    assertThat(rows.at("/listed/state").asText()).isEqualTo("paused");
    assertThat(rows.at("/paused/state").asText()).isEqualTo("paused");
    assertThat(rows.at("/queued/state").asText()).isEqualTo("queued");
  }

  private static RunState state(String name) {
    return new RunState(name, "r", 1, 3, 9, 0, OptionalDouble.empty(), List.of());
  }

  @Test
  void poll_system_holdsTopicsAndProcesses() {
    model.topics(List.of(new TopicProgress("espalier.runs.v1", 4, 6, 0.5)));
    tell("a", started(1));
    tell("a", new ResourcesMeasured(0.5, 1, 2, 3, 4, 5, 6, OptionalLong.empty(), 7, 20));
    Subscription subscription = model.subscribe(List.of(Subject.SYSTEM));

    JsonNode snapshot = only(subscription.poll());
    clock.now = BEGUN.plus(Duration.ofHours(2));
    JsonNode later = only(subscription.poll());

    assertThat(snapshot.at("/parts/topics/0"))
        .hasToString(
            "{\"name\":\"espalier.runs.v1\",\"position\":4,\"end\":6,\"lag\":2,\"perSecond\":0.5}");
    assertThat(snapshot.at("/parts/process~1a/processCpu").asDouble()).isEqualTo(0.5);
    assertThat(snapshot.at("/series/system~1a~1native/all/1/0").asDouble()).isEqualTo(6);
    assertThat(later.path("type").asText()).isEqualTo("snapshot");
    assertThat(later.path("parts").has("process/a")).isFalse();
  }

  @Test
  void parse_noSubject_isRefused() {
    assertThatThrownBy(() -> Subject.parse("run:a/b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("subject=run:a/b");
  }

  @Test
  void poll_longRun_tellsNeverMoreThanAFewThousandPointsAtOnce() {
    tell("a", started(1));
    Subscription subscription = model.subscribe(List.of(A));
    Reader reader = new Reader();
    for (long step = 1; step <= 30_000; step += 10) {
      Double[] losses = new Double[10];
      for (int i = 0; i < 10; i++) {
        losses[i] = 1.0 / (step + i);
      }
      tell("a", steps(step, losses));
      reader.apply(A.name(), subscription.poll());
      assertThat(reader.points("trainLoss")).hasSizeLessThan(7_000);
    }

    assertThat(reader.snapshots()).isEqualTo(1);
    assertThat(reader.points("trainLoss")).containsKeys(1L, 30_000L);
  }

  private static JsonNode only(List<JsonNode> messages) {
    assertThat(messages).hasSize(1);
    return messages.get(0);
  }

  private Envelope tell(String run, Event event) {
    return take(run, 1, event);
  }

  private Envelope take(String run, int attempt, Event event) {
    RunId id = new RunId(run);
    Envelope unnumbered = Envelope.of(id, 1, attempt, time, event);
    String stream = unnumbered.source() + unnumbered.topic();
    Envelope envelope =
        Envelope.of(id, sequences.merge(stream, 1L, Long::sum), attempt, time, event);
    model.take(envelope);
    return envelope;
  }

  private static RunStarted started(int trainers) {
    return new RunStarted("a's recipe", 1, trainers, 100, 10, 50, 25, 0.5, List.of());
  }

  private static StepsMeasured steps(long first, Double... losses) {
    List<Double> values = List.of(losses);
    return new StepsMeasured(0, first, values, values, 0.1, 1, 1, Optional.empty());
  }
}
