package io.espalier.service.client;

import static io.espalier.service.client.ScriptedService.cut;
import static io.espalier.service.client.ScriptedService.events;
import static io.espalier.service.client.ScriptedService.json;
import static io.espalier.service.client.ScriptedService.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.espalier.configs.InvalidConfigException;
import io.espalier.service.RunQuery;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.service.client.RunEventStream.EventLine;
import io.espalier.service.client.ScriptedService.Seen;
import io.espalier.service.client.ServiceClient.Action;
import io.espalier.service.client.ServiceClient.Response;
import io.espalier.service.client.ServiceException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceClientTest {
  private static final String RUN = "GET /v1/runs/apple";
  private static final Duration SHORT = Duration.ofMillis(5);

  private ScriptedService service;

  @BeforeEach
  void start() throws IOException {
    service = ScriptedService.start();
  }

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void status_withFieldsOfANewerVersion_isReadAndKeptWhole() throws Exception {
    service.on(RUN, json(200, Statuses.running("apple")));

    Response<RunStatus> answer = client().status("apple");

    assertThat(answer.value().state()).isEqualTo(RunState.RUNNING);
    assertThat(answer.value().reached().totalSteps()).hasValue(500);
    assertThat(answer.value().reached().accuracy()).hasValue(0.875);
    assertThat(answer.value().reached().checkpointStep()).isEmpty();
    assertThat(answer.json().path("new").asText()).isEqualTo("field");
  }

  @Test
  void list_sendsFiltersEncoded() throws Exception {
    service.on("GET /v1/runs", json(200, Statuses.page(Statuses.running("apple"))));
    RunQuery query =
        new RunQuery(Set.of(RunState.QUEUED, RunState.RUNNING), "a b&c", 7, Optional.of("apple-1"));

    assertThat(client().list(query).value().total()).isEqualTo(1);
    assertThat(service.seen().get(0).query())
        .isEqualTo("limit=7&state=queued,running&name=a%20b%26c&after=apple-1");
  }

  @Test
  void history_isReadInOrder() throws Exception {
    service.on(
        RUN + "/history",
        json(
            200,
            "[{\"number\":1,\"time\":\"2026-01-02T03:04:05Z\",\"event\":\"submitted\",\"state\":\"queued\",\"detail\":\"\"}]"));

    assertThat(client().history("apple").value())
        .singleElement()
        .satisfies(entry -> assertThat(entry.state()).isEqualTo(RunState.QUEUED));
  }

  @ParameterizedTest
  @CsvSource({
    "400, REFUSED, false", "401, UNAUTHORIZED, false", "403, UNAUTHORIZED, false",
    "404, NOT_FOUND, false", "409, REFUSED, false", "429, REFUSED, false",
    "500, FAILED, false", "503, UNAVAILABLE, true"
  })
  void problem_isReportedInTheServicesWords(int status, Reason reason, boolean passing)
      throws Exception {
    service.on(RUN, problem(status, "a rule: value=7; a way out"));

    ServiceException thrown =
        catchThrowableOfType(ServiceException.class, () -> client().status("apple"));

    assertThat(thrown).hasMessageStartingWith("a rule: value=7; a way out");
    assertThat(thrown.reason()).isEqualTo(reason);
    assertThat(thrown.isPassing()).isEqualTo(passing);
  }

  @Test
  void unauthorized_saysWhereTokensComeFrom() {
    service.on(RUN, problem(401, "a token must be known"));

    assertThatThrownBy(() -> client().status("apple"))
        .hasMessageContaining("no token was sent")
        .hasMessageContaining("--token-file");
  }

  @Test
  void problemThatIsNoJson_isReportedByItsStatus() {
    service.on(RUN, json(502, "<html>Bad Gateway</html>"));

    assertThatThrownBy(() -> client().status("apple")).hasMessageContaining("status=502");
  }

  @Test
  void brokenRulesOfARecipe_areAllReported() {
    service.on(
        "POST /v1/runs",
        json(
            422,
            "{\"detail\":\"2 rules are broken\",\"problems\":[{\"path\":\"seed\",\"line\":3,\"message\":\"no\"},{\"path\":\"data\",\"message\":\"nor this\"}]}"));

    InvalidConfigException thrown =
        catchThrowableOfType(InvalidConfigException.class, () -> client().submit(request()));

    assertThat(thrown).hasMessage("line 3: seed: no\ndata: nor this");
  }

  @Test
  void unavailable_isAskedAgain() throws Exception {
    service.on(RUN, problem(503, "later"), json(200, Statuses.running("apple")));

    assertThat(client().status("apple").value().run()).isEqualTo("apple");
    assertThat(service.seen()).hasSize(2);
  }

  @Test
  void halfAnAnswer_isAskedAgain() throws Exception {
    String whole = Statuses.running("apple");
    service.on(
        RUN, cut(whole.substring(0, 30)), json(200, whole.substring(0, 30)), json(200, whole));

    assertThat(client().status("apple").value().run()).isEqualTo("apple");
    assertThat(service.seen()).hasSize(3);
  }

  @Test
  void submission_whoseAnswerIsLost_isRepeatedUnderTheSameKey() throws Exception {
    service.on("POST /v1/runs", cut("{"), json(200, Statuses.status("apple", "queued", "")));

    assertThat(client().submit(request()).value().run()).isEqualTo("apple");

    assertThat(service.seen()).extracting(Seen::key).containsExactly("key-1", "key-1");
    assertThat(service.seen().get(0).body())
        .isEqualTo(
            "{\"recipeText\":\"seed = 1\",\"origin\":\"pear.conf\",\"overrides\":[\"seed=2\"],\"priority\":3}");
  }

  @Test
  void action_whoseAnswerIsLost_isNotRepeated() {
    service.on("POST /v1/runs/apple/pause", cut("{"));

    assertThatThrownBy(() -> client().act("apple", Action.PAUSE))
        .hasMessageContaining("look with 'espalier runs' whether it was done");
    assertThat(service.seen()).hasSize(1);
  }

  @Test
  void noService_saysHowToStartOne() {
    service.close();

    assertThatThrownBy(() -> client().status("apple"))
        .hasMessage(
            "no service at %s; start one with 'espalier serve', or name another with --server"
                .formatted(service.address()));
  }

  @Test
  void otherVersionOfTheApi_isRefusedByItsField() {
    service.on(RUN, json(200, Statuses.status("apple", "dreaming", "")));

    assertThatThrownBy(() -> client().status("apple")).hasMessageContaining("state=dreaming");
  }

  @Test
  void find_exactIdOrUniqueBeginning_isTheRun() throws Exception {
    service.on(RUN, json(200, Statuses.running("apple")));
    service.on(
        "GET /v1/runs",
        json(200, Statuses.page(Statuses.running("pear-1"), Statuses.running("old-pear"))));

    assertThat(client().find("apple")).isEqualTo("apple");
    assertThat(client().find("pear")).isEqualTo("pear-1");
  }

  @Test
  void find_severalOrNone_isRefusedWithWhatThereIs() {
    service.on(
        "GET /v1/runs",
        json(200, Statuses.page(Statuses.running("pear-1"), Statuses.running("pear-2"))));

    assertThatThrownBy(() -> client().find("pear"))
        .hasMessageContaining("RUN=pear fits pear-1, pear-2");
    assertThatThrownBy(() -> client().find("paer-2"))
        .hasMessageContaining("RUN=paer-2")
        .hasMessageContaining("did you mean pear-2?");
  }

  @Test
  void events_connectionsThatBreak_areTakenUpWithoutLossOrDuplicate() throws Exception {
    // Given
    service.on(
        RUN + "/events",
        cut(events(1, 3) + "id: 4\nevent: t\ndata: {\"n\""),
        problem(503, "a node takes over"),
        json(200, events(3, 6)),
        json(200, events(7, 9) + "event: end\ndata: {}\n\n"));

    // When
    List<Long> numbers = numbers(client().events("apple", 0));

    // Then
    assertThat(numbers).containsExactlyElementsOf(LongStream.rangeClosed(1, 9).boxed().toList());
    assertThat(service.seen())
        .extracting(each -> each.lastEvent().orElseThrow())
        .containsExactly("0", "3", "3", "6");
  }

  @Test
  void events_serviceThatRestarts_isFollowed() throws Exception {
    // Given
    service.on(RUN + "/events", cut(events(1, 2)));
    List<Long> numbers = new ArrayList<>();
    try (RunEventStream events = client().events("apple", 0)) {
      take(events, 2, numbers);

      // When
      service.close();
      service = ScriptedService.startAt(service.address());
      service.on(RUN + "/events", json(200, events(3, 4) + "event: end\n\n"));
      take(events, 2, numbers);
    }

    // Then
    assertThat(numbers).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void events_withoutPermission_areRefused() {
    service.on(RUN + "/events", problem(403, "a token must have the role read"));

    assertThatThrownBy(() -> numbers(client().events("apple", 0)))
        .isInstanceOf(ServiceException.class)
        .hasMessageContaining("role read");
  }

  private ServiceClient client() throws IOException {
    return ServiceClient.of(
        new ServiceAccess(service.address(), Optional.empty(), Optional.empty()), SHORT);
  }

  private static SubmissionRequest request() {
    return new SubmissionRequest(
        "seed = 1",
        Optional.of("pear.conf"),
        List.of("seed=2"),
        OptionalInt.of(3),
        OptionalInt.empty(),
        "key-1");
  }

  private static List<Long> numbers(RunEventStream opened) throws InterruptedException {
    List<Long> numbers = new ArrayList<>();
    try (RunEventStream events = opened) {
      while (!events.ended()) {
        events.next(SHORT).map(EventLine::number).ifPresent(numbers::add);
      }
    }
    return numbers;
  }

  private static void take(RunEventStream events, int count, List<Long> into)
      throws InterruptedException {
    int wanted = into.size() + count;
    while (into.size() < wanted) {
      events.next(SHORT).map(EventLine::number).ifPresent(into::add);
    }
  }
}
