package io.espalier.service.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.service.http.SocketReactor.Accepted;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SocketReactorTest {
  private static final int MOST = 3;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int PATIENCE_MS = 30_000;
  private static final long SHORT_MS = 300;

  private final BlockingQueue<Accepted> accepted = new LinkedBlockingQueue<>();
  private final List<Socket> clients = new ArrayList<>();
  private @Nullable SocketReactor reactor;

  @AfterEach
  void end() throws IOException {
    for (Socket each : clients) {
      each.close();
    }
    if (reactor != null) {
      reactor.end();
    }
  }

  @Test
  void sockets_thatLinger_areAtMostSoMany_andTheOneThatLingersLongestIsClosed() throws Exception {
    start(accepted::add);
    Socket first = connect();
    Accepted lingersLongest = accept();
    connect();
    Accepted lingers = accept();

    lingersLongest.endOutput();
    assertThat(lingersLongest.read(ByteBuffer.allocate(1))).isZero();
    lingers.endOutput();

    assertThatThrownBy(() -> lingersLongest.read(ByteBuffer.allocate(1)))
        .isInstanceOf(ClosedChannelException.class);
    assertThat(isClosed(first)).isTrue();
    assertThat(lingers.read(ByteBuffer.allocate(1))).isZero();
  }

  @Test
  void newSocket_whereNoneMayEnd_isAcceptedWhenOneHasEnded() throws Exception {
    start(accepted::add);
    connect();
    Accepted first = accept();
    fill();
    connect();
    assertThat(accepted.poll(SHORT_MS, TimeUnit.MILLISECONDS)).isNull();

    first.close();

    assertThat(accept()).isNotNull();
  }

  @Test
  void callback_thatFails_endsNoOtherSocket() throws Exception {
    start(accepted::add);
    Socket failing = connect();
    accept()
        .awaitRead(
            () -> {
              throw new IllegalStateException("a callback that fails");
            });
    failing.getOutputStream().write(1);

    connect();

    Accepted second = accept();
    BlockingQueue<Boolean> ready = new LinkedBlockingQueue<>();
    second.awaitRead(() -> ready.add(true));
    clients.get(1).getOutputStream().write(1);
    assertThat(ready.poll(PATIENCE_MS, TimeUnit.MILLISECONDS)).isTrue();
  }

  @Test
  void user_thatFails_losesItsSocketOnly() throws Exception {
    var seen = new AtomicInteger();
    start(
        socket -> {
          if (seen.incrementAndGet() <= MOST) {
            throw new IllegalStateException("a user that fails");
          }
          accepted.add(socket);
        });
    for (int i = 0; i < MOST; i++) {
      assertThat(isClosed(connect())).isTrue();
    }

    connect();

    assertThat(accept()).isNotNull();
  }

  private void start(Consumer<Accepted> user) throws IOException {
    reactor =
        new SocketReactor(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            10,
            BUFFER_BYTES,
            MOST,
            1,
            user);
  }

  /** Takes the room that is left beside one socket. */
  private void fill() throws Exception {
    for (int i = 1; i < MOST; i++) {
      connect();
      accept();
    }
  }

  private Socket connect() throws IOException {
    var socket = new Socket();
    clients.add(socket);
    socket.setSoTimeout(PATIENCE_MS);
    socket.connect(Objects.requireNonNull(reactor).address(), PATIENCE_MS);
    return socket;
  }

  private Accepted accept() throws InterruptedException {
    return accepted.poll(PATIENCE_MS, TimeUnit.MILLISECONDS);
  }

  /** Waits for the end or the reset. */
  private static boolean isClosed(Socket client) {
    try {
      return client.getInputStream().read() < 0;
    } catch (IOException e) {
      return true;
    }
  }
}
