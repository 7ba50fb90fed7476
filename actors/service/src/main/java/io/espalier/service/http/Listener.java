package io.espalier.service.http;

import akka.Done;
import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.http.javadsl.Http;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.settings.ServerSettings;
import akka.stream.KillSwitches;
import akka.stream.SharedKillSwitch;
import akka.stream.TLSClosing;
import akka.stream.TLSProtocol.SessionBytes;
import akka.stream.TLSProtocol.SslTlsInbound;
import akka.stream.TLSProtocol.SslTlsOutbound;
import akka.stream.javadsl.BidiFlow;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.TLS;
import akka.stream.javadsl.TLSPlacebo;
import akka.util.ByteString;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts connections and runs HTTP on each. Akka HTTP's own server cannot end a connection whose
 * client never answers the end of TLS; here each has a switch at its socket. Thread-safe.
 */
final class Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

  /** The kernel would hold megabytes for each of many clients that do not read. */
  private static final int SEND_BUFFER_BYTES = 128 << 10;

  private final ActorSystem<?> system;
  private final HttpSettings settings;
  private final Optional<ReloadingTls> tls;
  private final ServerSettings server;
  private final ConnectionLimiter limiter;
  private final Function<HttpRequest, CompletionStage<HttpResponse>> handler;
  private final AcceptQueue queue;
  private final SharedKillSwitch all = KillSwitches.shared("server");
  private final SocketReactor sockets;

  /**
   * Binds to the address of {@code settings}.
   *
   * @param most connections at once; a few more may be about to end
   * @throws IOException if the address is taken
   */
  Listener(
      ActorSystem<?> system,
      HttpSettings settings,
      Optional<ReloadingTls> tls,
      ServerSettings server,
      int most,
      Function<HttpRequest, CompletionStage<HttpResponse>> handler)
      throws IOException {
    this.system = system;
    this.settings = settings;
    this.tls = tls;
    this.server = server;
    this.limiter = new ConnectionLimiter(most, settings.limits().connectionsOfAddress());
    this.handler = handler;
    this.queue = new AcceptQueue(mostStarting(), most + most / 2, system.executionContext());
    this.sockets =
        new SocketReactor(
            settings.address(),
            server.getBacklog(),
            SEND_BUFFER_BYTES,
            3 * most + ConnectionLimiter.RESERVE,
            ConnectionLimiter.RESERVE,
            socket -> queue.add(new Arrival(socket)));
  }

  /** Accepts and answers have the other half. */
  private static int mostStarting() {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }

  InetSocketAddress address() {
    return sockets.address();
  }

  HttpServer.Connections connections() {
    return limiter;
  }

  /** Completes when no more connections are accepted. */
  CompletionStage<?> unbind() {
    return sockets.unbind();
  }

  /** Ends connections that wait at once, others after their answers, and the rest after a time. */
  CompletionStage<?> end(Duration time) {
    queue.shedAll();
    limiter.endAll();
    return sockets
        .ended()
        .toCompletableFuture()
        .copy()
        .completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS)
        .thenRun(() -> all.abort(new IOException("the server ends")))
        .thenRun(sockets::end);
  }

  /** A connection from its accept on; HTTP starts later. */
  private final class Arrival implements AcceptQueue.Connection {
    private final SocketReactor.Accepted socket;

    Arrival(SocketReactor.Accepted socket) {
      this.socket = socket;
    }

    @Override
    public void start(Runnable started) {
      var unwanted = new CompletableFuture<Done>();
      ConnectionLimiter.Slot slot =
          limiter.open(socket.address(), () -> unwanted.complete(Done.done()));
      try {
        run(socket, slot, unwanted, started);
      } catch (RuntimeException e) {
        LOG.warn("a connection must start: cause={}", e.toString());
        slot.close();
        shed();
        started.run();
      }
    }

    @Override
    public void shed() {
      socket.abort();
    }
  }

  private void run(
      SocketReactor.Accepted connection,
      ConnectionLimiter.Slot slot,
      CompletionStage<Done> unwanted,
      Runnable started) {
    SharedKillSwitch own = KillSwitches.shared("connection");
    var stage =
        new ConnectionStage(
            handler,
            settings.times(),
            slot,
            unwanted,
            started,
            () -> own.abort(new IOException("the client must end the connection in time")));
    Flow<ByteString, ByteString, NotUsed> socket =
        Flow.<ByteString>create()
            .via(own.flow())
            .via(all.flow())
            .via(new SocketStage(connection))
            .via(own.flow())
            .via(all.flow());
    Flow<HttpResponse, HttpRequest, NotUsed> http =
        Http.get(system)
            .serverLayer(server)
            .atop(framing())
            .atop(security())
            .atop(BidiFlow.bidirectionalIdleTimeout(settings.times().idle()))
            .join(socket);
    Flow.fromGraph(stage).join(http).run(system);
  }

  private static BidiFlow<SslTlsOutbound, SslTlsOutbound, SslTlsInbound, SslTlsInbound, NotUsed>
      framing() {
    var framing = new RequestFraming();
    return BidiFlow.fromFlows(
        Flow.create(),
        Flow.<SslTlsInbound>create()
            .map(
                each ->
                    each instanceof SessionBytes bytes
                        ? new SessionBytes(bytes.session(), framing.checked(bytes.bytes()))
                        : each));
  }

  private BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed> security() {
    return tls.map(each -> TLS.create(each::engine, session -> {}, TLSClosing.eagerClose()))
        .orElseGet(Listener::plain);
  }

  @SuppressWarnings("unchecked") // The type of what comes in is one of those that HTTP takes.
  private static BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed> plain() {
    return (BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed>)
        (BidiFlow<?, ?, ?, ?, ?>) TLSPlacebo.getInstance();
  }
}
