package io.espalier.service.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.espalier.configs.InvalidConfigException;
import io.espalier.service.RunQuery;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.service.api.ApiFixture;
import io.espalier.service.client.RunEventStream.EventLine;
import io.espalier.service.client.ServiceClient.Action;
import io.espalier.service.client.ServiceException.Reason;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.EventJson;
import io.espalier.telemetry.event.RunEvent.RunStopped;
import io.espalier.telemetry.event.RunId;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client and the API as it is understand each other. */
class ClientOfApiTest {
  private static final Duration SHORT = Duration.ofMillis(20);

  @TempDir private Path directory;
  private ApiFixture api;

  @BeforeEach
  void start() throws IOException {
    api = ApiFixture.start(directory);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void everyStatus_isReadAsItWas() throws Exception {
    for (RunState state : RunState.values()) {
      RunStatus put = api.runs().put("run-" + state, state);

      assertThat(client(api.operate()).status(put.run()).value()).isEqualTo(put);
    }
    assertThat(client(api.read()).list(RunQuery.newest()).value().runs())
        .hasSize(RunState.values().length);
  }

  @Test
  void submission_isTakenOnceForEachKey() throws Exception {
    ServiceClient client = client(api.operate());

    RunStatus first = client.submit(request("include \"digits\"\n", "key-1")).value();
    RunStatus second = client.submit(request("include \"digits\"\n", "key-1")).value();

    assertThat(second.run()).isEqualTo(first.run());
    assertThat(client.find(first.run().substring(0, first.run().length() - 1)))
        .isEqualTo(first.run());
    assertThat(client.history(first.run()).value()).isNotNull();
  }

  @Test
  void recipeThatBreaksARule_isReportedWithItsLine() {
    assertThatThrownBy(
            () -> client(api.operate()).submit(request("include \"digits\"\nseeed = 1\n", "k")))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageStartingWith("line 2: seeed: ");
  }

  @Test
  void actions_reachTheRun() throws Exception {
    ServiceClient client = client(api.operate());
    api.runs().put("pear", RunState.RUNNING);

    assertThat(client.act("pear", Action.CHECKPOINT).value().state()).isEqualTo(RunState.RUNNING);
    assertThat(client.act("pear", Action.PAUSE).value().state()).isEqualTo(RunState.PAUSING);
    assertThat(reason(() -> client.act("pear", Action.RESUME))).isEqualTo(Reason.REFUSED);
    api.runs().put("pear", RunState.PAUSED);
    assertThat(client.act("pear", Action.RESUME).value().state()).isEqualTo(RunState.QUEUED);
    api.runs().put("pear", RunState.RUNNING);
    assertThat(client.act("pear", Action.CANCEL).value().state()).isEqualTo(RunState.CANCELLING);
    client.delete("pear");
    assertThat(reason(() -> client.status("pear"))).isEqualTo(Reason.NOT_FOUND);
    assertThat(client.isReady()).isTrue();
  }

  @Test
  void wrongTokenAndSmallRole_areUnauthorized() {
    assertThat(reason(() -> client("wrong").list(RunQuery.newest())))
        .isEqualTo(Reason.UNAUTHORIZED);
    assertThat(reason(() -> client(api.read()).act("pear", Action.PAUSE)))
        .isEqualTo(Reason.UNAUTHORIZED);
  }

  @Test
  void unknownRun_isNotFound_andSuggested() throws Exception {
    api.runs().put("pear", RunState.RUNNING);

    assertThat(reason(() -> client(api.read()).status("apple"))).isEqualTo(Reason.NOT_FOUND);
    assertThatThrownBy(() -> client(api.read()).find("peer"))
        .hasMessageContaining("did you mean pear?");
    assertThat(
            client(api.read())
                .list(new RunQuery(Set.of(RunState.FAILED), "pear", 5, Optional.empty()))
                .value()
                .runs())
        .isEmpty();
  }

  @Test
  void events_areFollowedFromTheFileToTheEndOfTheRun() throws Exception {
    // Given
    Path file = Files.createDirectories(api.runs().directory("pear")).resolve("events.jsonl");
    api.runs().put("pear", RunState.RUNNING);
    Files.writeString(file, line(1) + line(2));
    List<EventLine> received = new ArrayList<>();

    // When
    try (RunEventStream events = client(api.read()).events("pear", 1)) {
      take(events, 1, received);
      Files.writeString(file, line(3) + "{\"torn", StandardOpenOption.APPEND);
      take(events, 1, received);
      Files.writeString(file, "\":4}\n", StandardOpenOption.APPEND);
      api.runs().put("pear", RunState.FINISHED);
      while (!events.ended()) {
        events.next(SHORT).ifPresent(received::add);
      }
    }

    // Then
    assertThat(received).extracting(EventLine::number).containsExactly(2L, 3L, 4L);
    assertThat(received.get(1).json() + "\n").isEqualTo(line(3));
    assertThat(received.get(1).type()).isEqualTo("io.espalier.run.stopped.v1");
  }

  private static void take(RunEventStream events, int count, List<EventLine> into)
      throws InterruptedException {
    int wanted = into.size() + count;
    while (into.size() < wanted) {
      events.next(SHORT).ifPresent(into::add);
    }
  }

  private static String line(int sequence) {
    Envelope envelope =
        Envelope.of(
            new RunId("pear"), sequence, 1, Instant.EPOCH, new RunStopped(1, sequence, "test"));
    return new String(EventJson.line(envelope), StandardCharsets.UTF_8) + "\n";
  }

  private ServiceClient client(String token) throws IOException {
    URI server = URI.create("http://127.0.0.1:" + api.api().address().getPort());
    return ServiceClient.of(new ServiceAccess(server, Optional.of(token), Optional.empty()));
  }

  private static SubmissionRequest request(String text, String key) {
    return new SubmissionRequest(
        text, Optional.of("mine.conf"), List.of(), OptionalInt.empty(), OptionalInt.of(600), key);
  }

  private static Reason reason(ThrowingCallable call) {
    return catchThrowableOfType(ServiceException.class, call).reason();
  }
}
