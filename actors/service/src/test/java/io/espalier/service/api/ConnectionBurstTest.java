package io.espalier.service.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.service.http.HttpSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many connections at once, and then a request. */
@Timeout(120)
final class ConnectionBurstTest {
  private static final int BURST = 800;
  private static final int MOST = 100;
  private static final String REQUEST = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";

  @TempDir private Path directory;

  @Test
  void request_afterABurst_isAnsweredBeforeMostOfIt() throws Exception {
    try (ApiFixture api = ApiFixture.start(directory)) {
      List<SocketChannel> burst = burst(api, REQUEST);

      assertThat(api.get("/health").statusCode()).isEqualTo(200);

      assertThat(burst.stream().filter(each -> read(each) != 0)).hasSizeLessThan(BURST / 2);
      close(burst);
    }
  }

  @Test
  void connections_beyondTheLimit_areShed_andTheNextIsAnswered() throws Exception {
    try (ApiFixture api =
        ApiFixture.start(
            directory,
            settings -> settings.withLimits(new HttpSettings.Limits(MOST, 256, 50, 50)))) {
      List<SocketChannel> burst = burst(api, "");

      assertThat(api.get("/health").statusCode()).isEqualTo(200);

      assertThat(burst.stream().filter(each -> read(each) < 0))
          .hasSizeGreaterThan(BURST - 3 * MOST);
      assertThat(api.get("/health").statusCode()).isEqualTo(200);
      close(burst);
    }
  }

  private static List<SocketChannel> burst(ApiFixture api, String text) throws IOException {
    var address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), api.api().address().getPort());
    List<SocketChannel> burst = new ArrayList<>();
    for (int i = 0; i < BURST; i++) {
      SocketChannel channel = SocketChannel.open(address);
      channel.configureBlocking(false);
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
      burst.add(channel);
    }
    return burst;
  }

  /** The bytes of an answer; 0 without one, and -1 after the end of the connection. */
  private static int read(SocketChannel channel) {
    try {
      return channel.read(ByteBuffer.allocate(1000));
    } catch (IOException e) {
      return -1;
    }
  }

  private static void close(List<SocketChannel> burst) throws IOException {
    for (SocketChannel each : burst) {
      each.close();
    }
  }
}
