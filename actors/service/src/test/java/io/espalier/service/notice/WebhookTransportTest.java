package io.espalier.service.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.espalier.service.http.SelfSigned;
import io.espalier.service.notice.NoticeSettings.Webhook;
import io.espalier.service.notice.WebhookReceiver.Received;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookTransportTest {
  private static final String SECRET = "a secret of the receiver";
  private static final int PATIENCE_S = 60;

  @TempDir private Path directory;
  private SecretFile secret;

  @BeforeEach
  void write() throws IOException {
    secret = new SecretFile(Files.writeString(directory.resolve("secret"), SECRET + "\n"));
  }

  @Test
  void notice_isPostedAsSignedJson() throws Exception {
    try (WebhookReceiver receiver = WebhookReceiver.start()) {
      // When
      send(receiver.url(), Optional.empty(), NoticeSamples.failed("pear", "no disk"));

      // Then
      Received received = receiver.next();
      assertThat(received.path()).isEqualTo("/hook");
      assertThat(received.isSignedWith(SECRET)).isTrue();
      assertThat(received.isSignedWith(SECRET + "x")).isFalse();
      assertThat(received.headers())
          .containsEntry("content-type", "application/json")
          .containsEntry("idempotency-key", "pear-20261201-1/2/failed")
          .containsEntry("x-espalier-event", "failed")
          .containsEntry("x-espalier-timestamp", "1796119200");
      assertThat(received.json().at("/run/cause").asText()).isEqualTo("no disk");
      assertThat(received.body() + received.headers()).doesNotContain(SECRET);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 307, 400, 404, 410, 500, 503})
  void answer_thatIsNoSuccess_isAFailureWithItsStatus(int status) throws Exception {
    try (WebhookReceiver receiver = WebhookReceiver.start()) {
      receiver.answer(status);

      Throwable failure =
          catchThrowable(() -> send(receiver.url(), Optional.empty(), NoticeSamples.finished()));

      assertThat(DeliveryException.text(failure)).contains("status=" + status);
      assertThat(receiver.requests()).isEqualTo(1);
    }
  }

  @Test
  void receiver_thatIsAway_isAFailureWithoutTheAddress() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    URI url = URI.create("http://127.0.0.1:%d/hidden-token".formatted(port));

    Throwable failure = catchThrowable(() -> send(url, Optional.empty(), NoticeSamples.finished()));

    assertThat(DeliveryException.text(failure)).isNotEmpty().doesNotContain("hidden-token");
  }

  @Test
  void answer_withAnEndlessBody_isTakenAtItsHead() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      // Given
      CompletableFuture<Boolean> cut = CompletableFuture.supplyAsync(() -> endless(server));
      URI url = URI.create("http://127.0.0.1:%d/".formatted(server.getLocalPort()));

      // When
      send(url, Optional.empty(), NoticeSamples.finished());

      // Then
      assertThat(cut.get(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** Whether the client ended the connection, or took no more. */
  private static boolean endless(ServerSocket server) {
    try (Socket socket = server.accept()) {
      socket.getInputStream().read(new byte[1 << 16]);
      socket
          .getOutputStream()
          .write(
              "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      while (true) {
        socket.getOutputStream().write(new byte[1 << 16]);
      }
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void receiverWithACertificateOfItsOwn_isTrustedByItsFileAlone() throws Exception {
    // Given
    SelfSigned certificate = SelfSigned.in(directory);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(certificate.serving()));
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    URI url = URI.create("https://127.0.0.1:%d/".formatted(server.getAddress().getPort()));

    // When
    Throwable strange = catchThrowable(() -> send(url, Optional.empty(), NoticeSamples.finished()));
    Throwable trusted =
        catchThrowable(
            () ->
                send(
                    url, Optional.of(certificate.files().certificate()), NoticeSamples.finished()));

    // Then
    server.stop(0);
    assertThat(DeliveryException.text(strange)).containsIgnoringCase("certif");
    assertThat(trusted).isNull();
  }

  private void send(URI url, Optional<Path> authority, Notice notice) throws Exception {
    new WebhookTransport(
            new Webhook(url, secret, authority),
            Optional.empty(),
            InstantSource.fixed(NoticeSamples.TIME))
        .send(notice)
        .toCompletableFuture()
        .get(PATIENCE_S, TimeUnit.SECONDS);
  }
}
