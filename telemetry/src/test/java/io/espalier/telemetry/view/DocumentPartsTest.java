package io.espalier.telemetry.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.EventType;
import io.espalier.telemetry.event.FederationEvent.ClientJoined;
import io.espalier.telemetry.event.FederationEvent.ClientReported;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.FederationEvent.RoundStarted;
import io.espalier.telemetry.event.HostEvent.AlertCleared;
import io.espalier.telemetry.event.HostEvent.AlertRaised;
import io.espalier.telemetry.event.HostEvent.CheckpointFailed;
import io.espalier.telemetry.event.HostEvent.CheckpointWritten;
import io.espalier.telemetry.event.HostEvent.EventsLost;
import io.espalier.telemetry.event.MaskEvent.MaskPicture;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.RunEvent.ParameterInfo;
import io.espalier.telemetry.event.RunEvent.ParametersDescribed;
import io.espalier.telemetry.event.RunEvent.RunFailed;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import io.espalier.telemetry.event.RunEvent.RunState;
import io.espalier.telemetry.event.RunEvent.RunStopped;
import io.espalier.telemetry.event.SampleCuts;
import io.espalier.telemetry.event.SampleEvents;
import io.espalier.telemetry.event.SampleFederation;
import io.espalier.telemetry.event.TrainingEvent.EvaluationCompleted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Each part of a run's document, by small cases. */
final class DocumentPartsTest {
  private final RunDocument document = new RunDocument(RandomRun.ID);
  private final Map<String, Long> sequences = new HashMap<>();
  private Instant time = RandomRun.BEGUN;
  private int attempt = 1;
  private long version;

  @Test
  void alerts_raisedThenCleared_areOpenAsLongAsTheyLast() {
    tell(new AlertRaised("disk-low", 3, "1 GB left"));
    assertThat(part("alerts").at("/0/open").asBoolean()).isTrue();
    assertThat(part("run").at("/alerts/0/kind").asText()).isEqualTo("disk-low");
    assertThat(part("run").at("/alerts/0/text").asText()).isEqualTo("1 GB left");

    tell(new AlertCleared("disk-low", 5, "9 GB left"));

    JsonNode alert = part("alerts").path(0);
    assertThat(alert.path("open").asBoolean()).isFalse();
    assertThat(alert.path("until").asLong()).isGreaterThan(alert.path("since").asLong());
    assertThat(part("run").at("/alerts")).isEmpty();
    assertThat(part("happenings"))
        .extracting(each -> each.path("kind").asText())
        .containsExactly("alert-over", "alert");
  }

  @Test
  void alerts_failedAttempt_stayUntilTheNextOne() {
    tell(new AlertRaised("not-finite", 3, "loss is NaN"));
    tell(new RunFailed(1, 3, "loss is NaN"));

    JsonNode alert = part("alerts").path(0);
    assertThat(alert.path("open").asBoolean()).isTrue();
    assertThat(alert.has("until")).isFalse();
    assertThat(part("run").at("/reason").asText()).isEqualTo("loss is NaN");
    attempt = 2;
    tell(new RunResumed(2, 2));
    assertThat(part("alerts").at("/0/open").asBoolean()).isFalse();
    assertThat(part("run").at("/state").asText()).isEqualTo("running");
    assertThat(part("run").has("reason")).isFalse();
  }

  @Test
  void happenings_runThatStopped_sayTheStateThatFollows() {
    tell(new RunStopped(1, 3, "interrupted"));
    tell(new RunStopped(2, 5, "the service was stopped", Optional.of("queued")));

    assertThat(part("happenings"))
        .extracting(each -> each.path("kind").asText() + ": " + each.path("text").asText())
        .containsExactly("queued: the service was stopped", "paused: interrupted");
  }

  @Test
  void marks_resumedRun_keepWhatHolds() {
    tell(new CheckpointFailed(4, "full"));
    tell(new CheckpointFailed(8, "full"));
    attempt = 2;
    tell(new RunResumed(2, 6));

    assertThat(part("marks"))
        .hasToString(
            "[{\"step\":4,\"kind\":\"checkpoint-failed\",\"text\":\"full\"},"
                + "{\"step\":6,\"kind\":\"resumed\",\"text\":\"attempt 2\"}]");
    assertThat(part("happenings")).hasSize(3);
  }

  @Test
  void marks_cuts_tellWhatWentUnlessALaterAttemptMakesThemVoid() {
    tell(SampleCuts.at(4, 6, 5));
    tell(SampleCuts.at(8, 5, 3));
    attempt = 2;
    tell(new RunResumed(2, 6));

    assertThat(part("marks").path(0))
        .hasToString(
            "{\"step\":4,\"kind\":\"cut\",\"text\":\"6 → 5 channels, MACs −17 % to 83.3 % of dense · "
                + "36 → 30 parameters · mask version 2 · 0.250 s\"}");
    assertThat(part("marks"))
        .extracting(each -> each.path("kind").asText())
        .containsExactly("cut", "resumed");
  }

  @Test
  void cuts_tellWhatIsLeftOfTheWholeNetwork_untilALaterAttemptMakesThemVoid() {
    tell(
        new ParametersDescribed(
            List.of(
                new ParameterInfo("fc1.weight", List.of(6L, 4L), 24, true, 24),
                new ParameterInfo("fc1.bias", List.of(6L), 6, false, 0),
                new ParameterInfo("fc2.weight", List.of(2L, 6L), 12, true, 12))));
    assertThat(part("cuts")).isEmpty();
    tell(SampleCuts.at(4, 6, 5));
    tell(SampleCuts.at(8, 5, 3));

    assertThat(part("cuts").path("cuts").asInt()).isEqualTo(2);
    assertThat(part("cuts").path("step").asInt()).isEqualTo(8);
    assertThat(part("cuts").at("/groups/0"))
        .hasToString("{\"name\":\"fc1.weight\",\"channels\":6,\"before\":5,\"after\":3}");
    assertThat(part("cuts").path("after"))
        .hasToString("{\"parameters\":18,\"macs\":18,\"stateBytes\":144}");
    assertThat(part("run").path("macs").asInt()).isEqualTo(18);
    assertThat(part("run").path("macsDense").asInt()).isEqualTo(36);
    assertThat(part("parameters").at("/0/shapeLeft")).hasToString("[3,4]");
    assertThat(part("parameters").at("/0/macsLeft").asInt()).isEqualTo(12);
    assertThat(part("parameters").at("/1").has("shapeLeft")).isFalse();
    assertThat(part("sizes").path("left").asInt()).isEqualTo(4 * (12 + 6 + 6));
    assertThat(series("macsExecuted")).isEqualTo("[[4,8],[30.0,18.0]]");

    attempt = 2;
    tell(new RunResumed(2, 6));

    assertThat(part("cuts").path("cuts").asInt()).isEqualTo(1);
    assertThat(part("run").path("macs").asInt()).isEqualTo(30);
    assertThat(part("parameters").at("/0/shapeLeft")).hasToString("[5,4]");
    attempt = 3;
    tell(new RunResumed(3, 0));
    assertThat(part("cuts")).isEmpty();
    assertThat(part("run").has("macs")).isFalse();
  }

  @Test
  void budget_ofChannels_isToldWithTheShareThatTheyUse() {
    tell(
        new MasksUpdated(
            4,
            1,
            0.5,
            0.75,
            9,
            List.of(),
            0,
            Optional.of(MasksUpdated.MACS),
            OptionalDouble.of(0.25)));

    assertThat(part("run").path("budget").asText()).isEqualTo("macs");
    assertThat(part("run").path("budgetShare").asDouble()).isEqualTo(0.25);
    assertThat(series("budgetPruned")).isEqualTo("[[4],[0.75]]");
  }

  @Test
  void gaps_eventsLost_lieBetweenTheEventsAround() {
    tell(new CheckpointWritten(4, "checkpoints/4", 1));
    tell(new EventsLost(3, Map.of("espalier.events.v1", 3L), "full"));
    tell(new CheckpointWritten(8, "checkpoints/8", 1));

    assertThat(part("gaps"))
        .hasToString("[{\"from\":4,\"to\":8,\"what\":\"3 events lost by the run\"}]");
  }

  @Test
  void gaps_historyThatBeginsLate_countsFromTheStart() {
    sequences.put("random/trainer-0 METRICS", 5L);
    tell(SampleEvents.steps(0, 17, 1.0, 1.0));

    assertThat(part("gaps"))
        .hasToString("[{\"from\":1,\"to\":16,\"what\":\"steps of trainer 0\"}]");
  }

  @Test
  void pictures_moreThanAreKept_spreadOverTheWholeRun() {
    IntStream.rangeClosed(1, 100)
        .forEach(
            i ->
                tell(
                    new MaskPicture(
                        "a", 10L * i, i, MaskPicture.WEIGHTS, 1, 1, "r", "c", 1, "/w==")));

    List<Integer> versions = new ArrayList<>();
    part("picture/a/weights")
        .path("moments")
        .forEach(moment -> versions.add(moment.path("version").asInt()));
    assertThat(versions).hasSize(6).isSorted().startsWith(1).endsWith(100);
    assertThat(versions.get(3)).isBetween(45, 75);
  }

  @Test
  void state_onlyTheCompactedTopicIsLeft_isWhatItTells() {
    tell(
        new RunState("finished", "old", 3, 90, 90, 0.5, OptionalDouble.of(0.75), List.of("night")));

    JsonNode run = part("run");
    assertThat(run.path("state").asText()).isEqualTo("finished");
    assertThat(run.path("name").asText()).isEqualTo("old");
    assertThat(run.path("accuracy").asDouble()).isEqualTo(0.75);
    assertThat(run.path("tags")).hasToString("[\"night\"]");
  }

  @Test
  void bitsPerCharacter_ofARunOfText_areThoseOfTheNewestEvaluation() {
    tell(evaluation("validation", 4, 2.5));
    assertThat(part("run").path("bitsPerCharacter").asDouble()).isEqualTo(2.5);
    assertThat(part("run").at("/validation/bitsPerCharacter").asDouble()).isEqualTo(2.5);

    tell(evaluation("test", 9, 2.25));
    assertThat(part("run").path("bitsPerCharacter").asDouble()).isEqualTo(2.25);
  }

  @Test
  void charactersPerToken_ofARunOfText_areKnownBeforeAnEvaluation() {
    tell(new RunStarted("poem", 1, 1, 9, 1, 9, 9, 0.5, List.of(), OptionalDouble.of(3.5)));

    assertThat(part("run").path("charactersPerToken").asDouble()).isEqualTo(3.5);
    assertThat(part("run").has("bitsPerCharacter")).isFalse();
  }

  private static EvaluationCompleted evaluation(String set, long step, double bits) {
    return new EvaluationCompleted(
        step, 1, set, "regular", 0.4, 2 * bits, 10, 0.1, OptionalDouble.of(bits));
  }

  @Test
  void federation_openRound_isToldWithItsReports() {
    tell(new RunStarted("f", 1, 1, 9, 1, 9, 9, 0.5, List.of()));
    tell(new RoundStarted("1", RoundCompleted.ORDINARY, 0, 2, 3, 5, 0, 0.1));
    tell(new ClientReported("a", "1", 1, OptionalDouble.of(1), 0, 9, 1, 0));

    JsonNode open = part("federation").path("open");
    assertThat(open.path("round").asText()).isEqualTo("1");
    assertThat(open.path("wanted").asInt()).isEqualTo(2);
    assertThat(open.path("reported").asInt()).isEqualTo(1);
    tell(completed(1));
    assertThat(part("federation").has("open")).isFalse();
    assertThat(part("run").path("rounds").asInt()).isEqualTo(1);
  }

  @Test
  void timeline_manyClients_leavesThemOut() {
    IntStream.range(0, 50)
        .forEach(i -> tell(new ClientJoined("c" + i, 0.5, 1, "", OptionalDouble.empty())));
    assertThat(part("happenings")).hasSize(50);

    tell(new ClientJoined("one more", 0.5, 1, "", OptionalDouble.empty()));

    assertThat(part("happenings")).isEmpty();
  }

  @Property(tries = 40)
  void take_federationInAnyInterleaving_givesTheSameDocument(@ForAll long seed) {
    List<Event> events = SampleFederation.events("f");
    int killed = events.size() / 2;
    List<Envelope> history = new ArrayList<>();
    DocumentPartsTest told = new DocumentPartsTest();
    events.subList(0, killed).forEach(event -> history.add(told.envelope(event)));
    told.attempt = 2;
    history.add(told.envelope(new RunResumed(2, 12)));
    events.stream()
        .skip(events.indexOf(completedIn(events, 12)) + 1L)
        .forEach(event -> history.add(told.envelope(event)));
    RunDocument ordered = new RunDocument(RandomRun.ID);
    history.forEach(ordered::take);
    ordered.refresh(1, told.time);

    RunDocument mixed = told.document;
    RandomRun.interleaved(history, new Random(seed)).forEach(mixed::take);
    mixed.refresh(1, told.time);

    assertThat(mixed.parts().all()).isEqualTo(ordered.parts().all());
    assertThat(mixed.series().keySet()).isEqualTo(ordered.series().keySet());
    ordered
        .series()
        .forEach(
            (name, points) ->
                assertThat(mixed.series().get(name))
                    .as(name)
                    .extracting(each -> each.json())
                    .isEqualTo(points.json()));
  }

  private static Event completedIn(List<Event> events, long round) {
    return events.stream()
        .filter(
            event ->
                event instanceof RoundCompleted completed && completed.completedRounds() == round)
        .findFirst()
        .orElseThrow();
  }

  private static RoundCompleted completed(long round) {
    return new RoundCompleted(
        Long.toString(round),
        RoundCompleted.ORDINARY,
        round,
        3,
        2,
        1,
        0,
        0,
        9,
        OptionalDouble.of(1),
        9,
        9,
        90,
        0,
        0,
        0,
        1,
        0.5);
  }

  private JsonNode part(String name) {
    document.refresh(++version, time);
    return document.parts().all().path(name);
  }

  private String series(String name) {
    return Objects.requireNonNull(document.series().get(name)).json().toString();
  }

  private void tell(Event event) {
    document.take(envelope(event));
  }

  private Envelope envelope(Event event) {
    time = time.plusMillis(1);
    String stream = Envelope.sourceOf(RandomRun.ID, event) + " " + EventType.of(event).topic();
    return Envelope.of(RandomRun.ID, sequences.merge(stream, 1L, Long::sum), attempt, time, event);
  }
}
