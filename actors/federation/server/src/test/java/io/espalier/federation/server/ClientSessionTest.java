package io.espalier.federation.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.espalier.federation.client.AttendCall;
import io.espalier.federation.client.LinkLostException;
import io.espalier.federation.client.LinkSettings;
import io.espalier.federation.client.ServerRefusedException;
import io.espalier.federation.protocol.FromClient;
import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.protocol.Goodbye;
import io.espalier.federation.protocol.Hello;
import io.espalier.federation.protocol.Progress;
import io.espalier.federation.protocol.Ready;
import io.espalier.federation.protocol.Welcome;
import io.espalier.federation.server.TestGateway.Heard;
import io.espalier.federation.trust.CallAuthenticator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientSessionTest {
  private static final FromServer FINISHED =
      FromServer.newBuilder().setGoodbye(Goodbye.newBuilder().setReason("finished")).build();

  private TestGateway wire;
  private final Heard heard = new Heard();

  @BeforeEach
  void start(@TempDir Path directory) throws IOException {
    Duration minute = Duration.ofMinutes(1);
    wire =
        new TestGateway(
            directory,
            GatewaySettings.Limits.DEFAULT,
            new GatewaySettings.Times(
                minute, Duration.ofSeconds(1), minute, minute, minute, minute));
  }

  @AfterEach
  void stop() throws IOException {
    wire.close();
  }

  @Test
  void session_ofAGoodClient_isHeardFromHelloToItsEnd() throws Exception {
    // Given
    AttendCall call = wire.link("a").attend(heard);

    // When
    call.send(TestGateway.hello(1));
    FromServer welcome = heard.next();
    call.send(FromClient.newBuilder().setReady(Ready.newBuilder().setExamples(9)).build());
    call.send(FromClient.newBuilder().setProgress(Progress.newBuilder().setRound("1")).build());
    TestGateway.until(() -> wire.handler.heard.contains("progressed a"));
    call.close();

    // Then
    assertThat(heard.end()).isEmpty();
    assertThat(welcome.getWelcome().getProtocolVersion()).isEqualTo(1);
    TestGateway.until(() -> wire.handler.heard.size() == 4);
    assertThat(wire.handler.heard)
        .containsExactly("attended a", "ready a", "progressed a", "left a");
  }

  @Test
  void versions_oneInCommon_isTheHighestOfBoth() throws Exception {
    // Given
    AttendCall call = wire.link("a").attend(heard);

    // When
    call.send(TestGateway.hello(0, 1, 2, 77));

    // Then
    assertThat(heard.next().getWelcome().getProtocolVersion()).isEqualTo(1);
  }

  @Test
  void versions_noneInCommon_isRefused() throws Exception {
    // Given
    AttendCall call = wire.link("a").attend(heard);

    // When
    call.send(TestGateway.hello(2, 3));

    // Then
    assertThat(heard.next().getRefusal().getReason()).isEqualTo("unsupported-protocol");
    assertThat(heard.end()).isEmpty();
    assertThat(wire.handler.heard).isEmpty();
    assertThat(wire.handler.refusals).containsExactly("unsupported-protocol a");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 1.01, Double.NaN, Double.POSITIVE_INFINITY})
  void hello_withAnImpossibleCap_isMalformed(double cap) throws Exception {
    // Given
    AttendCall call = wire.link("a").attend(heard);

    // When
    call.send(
        FromClient.newBuilder()
            .setHello(Hello.newBuilder().addProtocolVersions(1).setDensityCap(cap))
            .build());

    // Then
    assertThat(heard.next().getRefusal().getReason()).isEqualTo("malformed");
  }

  @Test
  void hello_absent_cutsTheStream() throws Exception {
    // Given
    wire.link("a").attend(heard);

    // When
    var end = heard.end();

    // Then
    assertThat(end).containsInstanceOf(LinkLostException.class);
    assertThat(wire.handler.refusals).containsExactly("too-slow a");
    assertThat(wire.handler.heard).isEmpty();
  }

  @Test
  void hello_afterReady_isMalformed() throws Exception {
    // Given
    AttendCall call = wire.link("a").attend(heard);

    // When
    call.send(FromClient.newBuilder().setReady(Ready.getDefaultInstance()).build());

    // Then
    assertThat(heard.next().getRefusal().getReason()).isEqualTo("malformed");
    assertThat(wire.handler.heard).isEmpty();
  }

  @Test
  void hello_twice_isMalformedAndEndsTheSession() throws Exception {
    // Given
    AttendCall call = wire.link("a").attend(heard);
    call.send(TestGateway.hello(1));
    heard.next();

    // When
    call.send(TestGateway.hello(1));

    // Then
    assertThat(heard.next().getRefusal().getReason()).isEqualTo("malformed");
    assertThat(heard.end()).isEmpty();
    assertThat(wire.handler.heard).containsExactly("attended a", "left a");
  }

  @Test
  void ready_twice_isMalformedAndEndsTheSession() throws Exception {
    // Given
    AttendCall call = wire.link("a").attend(heard);
    FromClient ready = FromClient.newBuilder().setReady(Ready.newBuilder().setExamples(9)).build();
    call.send(TestGateway.hello(1));
    heard.next();

    // When
    call.send(ready);
    call.send(ready);

    // Then
    assertThat(heard.next().getRefusal().getReason()).isEqualTo("malformed");
    assertThat(heard.end()).isEmpty();
    assertThat(wire.handler.heard).containsExactly("attended a", "ready a", "left a");
  }

  @Test
  void progress_inAFlood_isHeardOfTwiceASecond() throws Exception {
    // Given
    AttendCall call = wire.link("a").attend(heard);
    call.send(TestGateway.hello(1));
    heard.next();

    // When
    for (int steps = 1; steps <= 5000; steps++) {
      call.send(progress("1", steps));
    }
    // A client drops progress that finds others waiting, so the last is said until it is heard.
    TestGateway.until(
        () -> {
          call.send(progress("1", 5000));
          return wire.handler.doneSteps == 5000;
        });

    // Then
    assertThat(wire.handler.heard).hasSizeLessThan(500);
  }

  @Test
  void progress_ofALongRound_isMalformed() throws Exception {
    // Given
    AttendCall call = wire.link("a").attend(heard);
    call.send(TestGateway.hello(1));
    heard.next();

    // When
    call.send(progress("1".repeat(33), 1));

    // Then
    assertThat(heard.next().getRefusal().getReason()).isEqualTo("malformed");
    assertThat(wire.handler.heard).containsExactly("attended a", "left a");
  }

  @Test
  void software_ofTooManyCharacters_isMalformed() throws Exception {
    // Given
    AttendCall call = wire.link("a").attend(heard);
    FromClient.Builder hello = TestGateway.hello(1).toBuilder();
    hello.getHelloBuilder().setSoftware("x".repeat(101));

    // When
    call.send(hello.build());

    // Then
    assertThat(heard.next().getRefusal().getReason()).isEqualTo("malformed");
    assertThat(wire.handler.heard).isEmpty();
  }

  @Test
  void software_withWhatSteersATerminal_arrivesHarmless() throws Exception {
    // Given
    AttendCall call = wire.link("a").attend(heard);
    FromClient.Builder hello = TestGateway.hello(1).toBuilder();
    hello.getHelloBuilder().setSoftware("\u001b[2Jx");

    // When
    call.send(hello.build());
    heard.next();

    // Then
    assertThat(wire.handler.software).isEqualTo("\ufffd[2Jx");
  }

  @Test
  void session_whoseIdentityExpires_ends(@TempDir Path directory) throws Exception {
    // Given
    Instant soon = Instant.now().plusSeconds(1);
    CallAuthenticator names =
        (connection, headers) -> new CallAuthenticator.Authentication.Known("a", Optional.of(soon));
    try (TestGateway expiring = new TestGateway(directory, names)) {
      AttendCall call = expiring.link("a").attend(heard);

      // When
      call.send(TestGateway.hello(1));
      heard.next();

      // Then
      assertThat(heard.next().getGoodbye().getReason()).isEqualTo("stopping");
      assertThat(heard.end()).isEmpty();
      assertThat(expiring.handler.heard).containsExactly("attended a", "left a");
    }
  }

  @Test
  void call_whileNobodyCanTellWhose_isUnavailable(@TempDir Path directory) throws Exception {
    // Given
    CallAuthenticator names =
        (connection, headers) ->
            new CallAuthenticator.Authentication.Unavailable("names must be readable");
    try (TestGateway unreadable = new TestGateway(directory, names)) {

      // When
      unreadable.link("a").attend(heard);

      // Then
      assertThat(heard.end()).containsInstanceOf(LinkLostException.class);
      assertThat(unreadable.handler.refusals).isEmpty();
    }
  }

  @Test
  void stream_secondOfAClient_endsTheOlder() throws Exception {
    // Given
    Heard newer = new Heard();
    AttendCall call = wire.link("a").attend(heard);
    call.send(TestGateway.hello(1));
    heard.next();
    ClientSession older = wire.handler.session("a");

    // When
    AttendCall next = wire.link("a").attend(newer);
    next.send(TestGateway.hello(1));
    newer.next();
    older.send(FINISHED);
    wire.handler.session("a").send(FINISHED);

    // Then
    assertThat(heard.next().getGoodbye().getReason()).isEqualTo("replaced");
    assertThat(heard.end()).isEmpty();
    assertThat(newer.next()).isEqualTo(FINISHED);
    assertThat(wire.handler.heard).containsExactly("attended a", "left a", "attended a");
  }

  @Test
  void end_withALastMessage_deliversItFirst() throws Exception {
    // Given
    AttendCall call = wire.link("a").attend(heard);
    call.send(TestGateway.hello(1));
    heard.next();

    // When
    wire.handler.session("a").end(FINISHED);

    // Then
    assertThat(heard.next()).isEqualTo(FINISHED);
    assertThat(heard.end()).isEmpty();
    TestGateway.until(() -> wire.handler.heard.contains("left a"));
  }

  @Test
  void client_thatDoesNotRead_isCut() throws Exception {
    // Given
    Relay relay = wire.relay();
    AttendCall call = wire.link(relay.address(), "a").attend(heard);
    call.send(TestGateway.hello(1));
    heard.next();
    ClientSession session = wire.handler.session("a");
    FromServer large =
        FromServer.newBuilder()
            .setWelcome(Welcome.newBuilder().setRecipe("x".repeat(100_000)))
            .build();
    relay.stall(true);

    // When
    int sent = 0;
    while (wire.handler.refusals.isEmpty() && sent++ < 10_000) {
      session.send(large);
      Thread.sleep(1);
    }
    TestGateway.until(() -> wire.gateway().connections() == 0);
    relay.stall(false);

    // Then
    assertThat(wire.handler.refusals).containsExactly("too-slow a");
    TestGateway.until(() -> wire.handler.heard.contains("left a"));
    assertThat(heard.end()).containsInstanceOf(LinkLostException.class);
  }

  @Test
  void client_thatIsGoneWithoutAWord_leaves(@TempDir Path directory) throws Exception {
    // Given
    Duration minute = Duration.ofMinutes(1);
    Duration soonest = Duration.ofSeconds(10);
    Duration soon = Duration.ofSeconds(1);
    GatewaySettings.Times times =
        new GatewaySettings.Times(minute, minute, minute, soonest, soon, minute);
    try (TestGateway impatient =
        new TestGateway(directory, GatewaySettings.Limits.DEFAULT, times)) {
      Relay relay = impatient.relay();
      AttendCall call = impatient.link(relay.address(), "a").attend(heard);
      call.send(TestGateway.hello(1));
      heard.next();

      // When
      relay.stall(true);
      TestGateway.until(() -> impatient.gateway().connections() == 0);
      relay.stall(false);

      // Then
      TestGateway.until(() -> impatient.handler.heard.contains("left a"));
    }
  }

  @Test
  void gateway_beyondTheLoopbackWithoutTls_isRefused(@TempDir Path directory) {
    // Given
    GatewaySettings settings = GatewaySettings.loopback(directory);

    // When
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> settings.withAddress(new InetSocketAddress("0.0.0.0", 0)));

    // Then
    assertThat(refusal).hasMessageContaining("0.0.0.0").hasMessageContaining("certificates");
  }

  @Test
  void link_beyondTheLoopbackWithoutTls_isRefused() {
    // Given
    InetSocketAddress elsewhere = InetSocketAddress.createUnresolved("example.org", 443);

    // When
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> LinkSettings.loopback(elsewhere, "a"));

    // Then
    assertThat(refusal).hasMessageContaining("example.org");
  }

  @Test
  void client_withoutAName_isRefused() throws Exception {
    // Given
    AttendCall call = wire.link("../a").attend(heard);

    // When
    call.send(TestGateway.hello(1));

    // Then
    assertThat(heard.end())
        .hasValueSatisfying(
            failure ->
                assertThat(((ServerRefusedException) failure).reason())
                    .isEqualTo("unknown-client"));
    assertThat(wire.handler.refusals).containsExactly("unknown-client");
  }

  @Test
  void client_afterTheServerCameBack_attendsAgainOnTheSameLink() throws Exception {
    // Given
    Relay relay = wire.relay();
    var link = wire.link(relay.address(), "a");
    AttendCall call = link.attend(heard);
    call.send(TestGateway.hello(1));
    heard.next();
    wire.gateway().close();
    heard.end();
    Heard refused = new Heard();
    link.attend(refused);
    refused.end();
    wire.restart();
    relay.to(wire.gateway().address());

    // When it calls again, after pauses, while a connection fails that began before the restart
    FromServer answer = wire.firstAnswer(link);

    // Then
    assertThat(answer.hasWelcome()).isTrue();
  }

  private static FromClient progress(String round, int steps) {
    return FromClient.newBuilder()
        .setProgress(Progress.newBuilder().setRound(round).setDoneSteps(steps))
        .build();
  }
}
