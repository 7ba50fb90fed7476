package io.espalier.federation.server;

import io.espalier.federation.transfer.FileChunks;
import io.espalier.federation.transfer.ProgressTimeout;
import io.espalier.federation.transfer.RefusalAggregator;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The server's end of a federation's wire. It takes connections, knows whose each is, moves bytes,
 * keeps limits and times, and asks a {@link GatewayHandler} what to do. Thread-safe.
 *
 * <p>Its memory is bounded: per connection by the flow-control window, one chunk per call and the
 * messages that may wait, and what is handed on is at most one Ready and two Progress a second of
 * each session; the work that waits for its threads is at most one item per call.
 */
public final class Gateway implements AutoCloseable {
  /** Versions of the protocol that it speaks. */
  public static final Set<Integer> PROTOCOL_VERSIONS = Set.of(1);

  /** Would write a stack trace for whatever hostile bytes bring about, and for each cut. */
  private static final Logger LIBRARY = Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty");

  static {
    LIBRARY.setLevel(Level.SEVERE);
  }

  private static final int WINDOW_BYTES = 4 * FileChunks.BYTES;
  private static final int MESSAGE_BYTES = 2 * FileChunks.BYTES;
  private static final int HEADER_BYTES = 8 * 1024;
  private static final int WAITING_CONNECTIONS = 1024;
  private static final int RESETS = 200;
  private static final Duration RESETS_WINDOW = Duration.ofSeconds(30);
  private static final Duration SOONEST_PING = Duration.ofSeconds(1);
  private static final Duration END = Duration.ofSeconds(5);

  private final EventLoopGroup acceptor =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("espalier-gateway-accept", true), NioIoHandler.newFactory());
  private final EventLoopGroup sockets =
      new MultiThreadIoEventLoopGroup(
          2, new DefaultThreadFactory("espalier-gateway-socket", true), NioIoHandler.newFactory());
  private final ScheduledExecutorService timer = ProgressTimeout.timer("espalier-gateway-timer");
  private final RefusalAggregator refusals;
  private final ExecutorService executor;
  private final ConnectionLimiter connections;
  private final Server server;

  private Gateway(
      GatewaySettings settings, GatewayHandler handler, List<ServerServiceDefinition> others) {
    GatewaySettings.Limits limits = settings.limits();
    GatewaySettings.Times times = settings.times();
    refusals = new RefusalAggregator(handler, RefusalAggregator.INTERVAL);
    executor =
        Executors.newFixedThreadPool(
            limits.threads(), new DefaultThreadFactory("espalier-gateway", true));
    connections =
        new ConnectionLimiter(
            limits.connections(),
            limits.connectionsOfClient(),
            times.unnamed(),
            times.keepAlive().plus(times.keepAliveAnswer()),
            timer,
            refusals);
    NettyServerBuilder builder = transport(settings);
    FederationService service =
        new FederationService(
            new FederationService.Shared(
                settings, handler, refusals, connections, executor, timer));
    builder.addService(
        ServerInterceptors.intercept(
            ServerInterceptors.useInputStreamMessages(service.bindService()),
            new AuthenticationInterceptor(
                settings.authenticator(), connections, refusals, timer, times.hello())));
    others.forEach(builder::addService);
    server = builder.build();
  }

  /**
   * Starts to listen.
   *
   * @param others services beside the federation's, for callers without a name; a connection that
   *     has called no more than those is cut after {@code times.unnamed}
   * @throws IOException if the address cannot be bound
   */
  public static Gateway start(
      GatewaySettings settings, GatewayHandler handler, List<ServerServiceDefinition> others)
      throws IOException {
    Files.createDirectories(settings.incoming());
    Gateway gateway = new Gateway(settings, handler, others);
    try {
      gateway.server.start();
    } catch (IOException e) {
      gateway.close();
      throw e;
    }
    return gateway;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) server.getListenSockets().get(0);
  }

  /** Connections that are open. */
  public int connections() {
    return connections.count();
  }

  /** Bytes of all sockets since the start. */
  public WireBytes bytes() {
    return connections.total();
  }

  /** Bytes since the start of the sockets of each client that ever made itself known. */
  public Map<String, WireBytes> bytesByClient() {
    return connections.byClient();
  }

  /** Ends all connections; uploads go on where they were when a gateway starts again. */
  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(END.toSeconds(), TimeUnit.SECONDS);
      executor.shutdown();
      executor.awaitTermination(END.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    executor.shutdownNow();
    timer.shutdownNow();
    refusals.close();
    for (EventLoopGroup group : List.of(acceptor, sockets)) {
      var unused = group.shutdownGracefully(0, END.toSeconds(), TimeUnit.SECONDS);
    }
  }

  private NettyServerBuilder transport(GatewaySettings settings) {
    GatewaySettings.Times times = settings.times();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(settings.address())
            .channelFactory(() -> new CountingServerChannel(connections))
            .bossEventLoopGroup(acceptor)
            .workerEventLoopGroup(sockets)
            .withOption(ChannelOption.SO_BACKLOG, WAITING_CONNECTIONS)
            .executor(executor)
            .flowControlWindow(WINDOW_BYTES)
            .maxConcurrentCallsPerConnection(settings.limits().callsOfConnection())
            .maxInboundMessageSize(MESSAGE_BYTES)
            .maxInboundMetadataSize(HEADER_BYTES)
            .maxRstFramesPerWindow(RESETS, (int) RESETS_WINDOW.toSeconds())
            .handshakeTimeout(times.unnamed().toMillis(), TimeUnit.MILLISECONDS)
            .maxConnectionIdle(times.idle().toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTime(times.keepAlive().toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTimeout(times.keepAliveAnswer().toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveTime(SOONEST_PING.toSeconds(), TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true);
    settings.tls().ifPresent(builder::sslContext);
    return builder;
  }
}
