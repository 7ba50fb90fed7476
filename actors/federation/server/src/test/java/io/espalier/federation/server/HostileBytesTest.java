package io.espalier.federation.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.federation.protocol.UploadFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostileBytesTest {
  private static final String ATTEND = "Attend";
  private static final String UPLOAD = "Upload";

  private TestGateway wire;

  @BeforeEach
  void start(@TempDir Path directory) throws IOException {
    Duration minute = Duration.ofMinutes(1);
    Duration second = Duration.ofSeconds(1);
    wire =
        new TestGateway(
            directory,
            new GatewaySettings.Limits(8, 4, 8, 32, 4),
            new GatewaySettings.Times(second, second, second, minute, minute, minute));
  }

  @AfterEach
  void stop() throws IOException {
    wire.close();
  }

  @Test
  void bytes_thatAreNoHttp2_endTheConnection() throws Exception {
    // Given
    byte[] garbage = new byte[4096];
    new Random(1).nextBytes(garbage);

    // When
    long answered = send(garbage);

    // Then
    assertThat(answered).isLessThan(4096);
    assertHealthy();
  }

  @Test
  void bytes_ofHttp1_endTheConnection() throws Exception {
    // When
    send("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

    // Then
    assertHealthy();
  }

  @Test
  void silence_endsTheConnection() throws Exception {
    // When
    send(new byte[0]);

    // Then
    TestGateway.until(() -> !wire.handler.refusals.isEmpty());
    assertThat(wire.handler.refusals).containsExactly("too-slow");
    assertHealthy();
  }

  @Test
  void bytes_oneByOne_endTheConnectionInTime() throws Exception {
    // Given
    byte[] session =
        WireFrames.call("a", ATTEND, WireFrames.message(TestGateway.hello(1).toByteArray()));

    // When
    try (Socket socket = connect()) {
      OutputStream out = socket.getOutputStream();
      for (byte each : session) {
        out.write(each);
        Thread.sleep(20);
      }
    } catch (SocketException e) {
      // Then
      TestGateway.until(() -> !wire.handler.refusals.isEmpty());
      assertThat(wire.handler.refusals).containsExactly("too-slow");
      assertHealthy();
      return;
    }
    throw new AssertionError("the connection outlived its limit");
  }

  @Test
  void http2_cutAnywhere_isForgotten() throws Exception {
    // Given
    byte[] session =
        WireFrames.call("a", ATTEND, WireFrames.message(TestGateway.hello(1).toByteArray()));

    // When
    for (int length = 0; length < session.length; length += 7) {
      try (Socket socket = connect()) {
        socket.getOutputStream().write(session, 0, length);
        // Else it may be accepted later, and be one of too many when the good session comes.
        TestGateway.until(() -> wire.gateway().connections() == 1);
      }
      TestGateway.until(() -> wire.gateway().connections() == 0);
    }

    // Then
    assertHealthy();
  }

  @Test
  void message_thatIsNoProtobuf_endsTheCall() throws Exception {
    // Given
    byte[] invalid = {(byte) 0x0a, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0x7f};

    // When
    try (Socket socket = connect()) {
      socket.getOutputStream().write(WireFrames.call("a", ATTEND, WireFrames.message(invalid)));
      TestGateway.until(() -> !wire.handler.refusals.isEmpty());
    }

    // Then
    assertThat(wire.handler.refusals).containsExactly("malformed a");
    assertThat(wire.handler.heard).isEmpty();
    assertHealthy();
  }

  @Test
  void message_thatIsNoProtobufAmidAnUpload_freesTheClientsPlace() throws Exception {
    // Given
    Path result = wire.file("result", 200_000);
    byte[] invalid = {(byte) 0x0a, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0x7f};
    byte[] header =
        UploadFrame.newBuilder().setHeader(TestGateway.header(result)).build().toByteArray();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.write(WireFrames.message(header));
    data.write(WireFrames.message(invalid));

    // When
    try (Socket socket = connect()) {
      socket.getOutputStream().write(WireFrames.call("a", UPLOAD, data.toByteArray()));
      TestGateway.until(() -> wire.handler.refusals.contains("malformed a"));
      TestGateway.await(wire.link("a").upload(TestGateway.header(result), result));
    }

    // Then
    assertThat(wire.handler.accepted).hasSize(1);
    assertThat(wire.handler.refusals).containsExactly("malformed a");
  }

  @Test
  void message_ofTwoGigabytes_isRefusedByItsLength() throws Exception {
    // Given
    byte[] header = ByteBuffer.allocate(5).put((byte) 0).putInt(Integer.MAX_VALUE).array();

    // When
    try (Socket socket = connect()) {
      socket.getOutputStream().write(WireFrames.call("a", UPLOAD, header));
      socket.shutdownOutput();
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    // Then
    assertThat(wire.handler.heard).isEmpty();
    assertHealthy();
  }

  @Test
  void headers_beyondTheLimit_areRefused() throws Exception {
    // When
    send(WireFrames.call("a".repeat(10_000), ATTEND, new byte[0]));

    // Then
    assertThat(wire.handler.heard).isEmpty();
    assertHealthy();
  }

  @Test
  void call_withoutAMessage_isCut() throws Exception {
    // When
    send(WireFrames.call("a", "Download", new byte[0]));

    // Then
    assertThat(wire.handler.refusals).containsExactly("too-slow a");
    assertHealthy();
  }

  @Test
  void connections_beyondTheLimit_areClosedAtOnce() throws Exception {
    // Given
    Socket[] sockets = new Socket[9];

    // When
    for (int index = 0; index < sockets.length; index++) {
      sockets[index] = connect();
    }

    // Then
    TestGateway.until(() -> wire.handler.refusals.contains("too-many"));
    assertThat(wire.gateway().connections()).isLessThanOrEqualTo(8);
    for (Socket socket : Arrays.asList(sockets)) {
      socket.close();
    }
    TestGateway.until(() -> wire.gateway().connections() == 0);
    assertHealthy();
  }

  private void assertHealthy() throws Exception {
    assertThat(wire.goodSession("good").getDuplicate()).isFalse();
    assertThat(wire.handler.accepted).hasSize(1);
    TestGateway.until(() -> wire.gateway().connections() == 0);
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.connect(wire.gateway().address());
    socket.setTcpNoDelay(true);
    return socket;
  }

  /** Sends bytes and reads until the server ends the connection: the bytes that it answered. */
  private long send(byte[] bytes) throws IOException {
    try (Socket socket = connect()) {
      socket.setSoTimeout((int) Duration.ofSeconds(60).toMillis());
      socket.getOutputStream().write(bytes);
      return socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (SocketException e) {
      return 0;
    }
  }
}
