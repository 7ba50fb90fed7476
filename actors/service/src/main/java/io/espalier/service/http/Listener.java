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
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.TLS;
import akka.stream.javadsl.TLSPlacebo;
import akka.stream.javadsl.Tcp;
import akka.util.ByteString;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Accepts connections and runs HTTP on each. Akka HTTP's own server cannot end a connection whose
 * client never answers the end of TLS; here each has a switch at its socket. Thread-safe.
 */
final class Listener {
  private final ActorSystem<?> system;
  private final HttpSettings settings;
  private final Optional<ReloadingTls> tls;
  private final ServerSettings server;
  private final ConnectionLimiter limiter;
  private final Function<HttpRequest, CompletionStage<HttpResponse>> handler;
  private final SharedKillSwitch all = KillSwitches.shared("server");
  private final Tcp.ServerBinding binding;
  private final CompletableFuture<Done> ended;

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
    InetSocketAddress address = settings.address();
    var running =
        Tcp.get(system)
            .bind(
                address.getAddress().getHostAddress(),
                address.getPort(),
                server.getBacklog(),
                server.getSocketOptions(),
                false,
                Optional.<Duration>empty())
            .mapAsyncUnordered(2 * most + ConnectionLimiter.RESERVE, this::run)
            .toMat(Sink.ignore(), Keep.both())
            .run(system);
    try {
      this.binding = running.first().toCompletableFuture().join();
    } catch (CompletionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    }
    this.ended = running.second().toCompletableFuture();
  }

  InetSocketAddress address() {
    return binding.localAddress();
  }

  HttpServer.Connections connections() {
    return limiter;
  }

  /** Completes when no more connections are accepted. */
  CompletionStage<?> unbind() {
    return binding.unbind();
  }

  /** Ends connections that wait at once, others after their answers, and the rest after a time. */
  CompletionStage<?> end(Duration time) {
    limiter.endAll();
    return ended
        .copy()
        .completeOnTimeout(Done.done(), time.toMillis(), TimeUnit.MILLISECONDS)
        .thenRun(() -> all.abort(new IOException("the server ends")));
  }

  /** Completes when the connection has ended; also after a failure. */
  private CompletionStage<Done> run(Tcp.IncomingConnection connection) {
    SharedKillSwitch own = KillSwitches.shared("connection");
    var stage =
        new ConnectionStage(
            handler,
            settings.times(),
            limiter,
            connection.remoteAddress().getAddress(),
            () -> own.abort(new IOException("the client must end the connection in time")));
    Flow<ByteString, ByteString, CompletionStage<Done>> socket =
        Flow.<ByteString>create()
            .via(own.flow())
            .via(all.flow())
            .watchTermination(Keep.right())
            .viaMat(connection.flow(), Keep.left())
            .watchTermination(Listener::both)
            .via(own.flow())
            .via(all.flow());
    Flow<HttpResponse, HttpRequest, CompletionStage<Done>> http =
        Http.get(system)
            .serverLayer(server)
            .atop(framing())
            .atop(security())
            .atop(BidiFlow.bidirectionalIdleTimeout(settings.times().idle()))
            .join(socket, Keep.right());
    return Flow.fromGraph(stage).joinMat(http, Keep.right()).run(system);
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

  private static CompletionStage<Done> both(
      CompletionStage<Done> sent, CompletionStage<Done> received) {
    return sent.handle((done, failure) -> Done.done())
        .thenCombine(received.handle((done, failure) -> Done.done()), (one, other) -> one);
  }
}
