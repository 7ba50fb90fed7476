package io.espalier.actors.federation.trust;

import com.google.protobuf.ByteString;
import io.espalier.actors.federation.protocol.Chunk;
import io.espalier.actors.federation.protocol.DownloadRequest;
import io.espalier.actors.federation.protocol.FederationGrpc;
import io.espalier.actors.federation.trust.device.ServerAddress;
import io.espalier.actors.federation.trust.register.ClientRegister;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A federation's server on loopback: its trust is real, its downloads are the caller's name. */
public final class LoopbackServer implements AutoCloseable {
  private final Authority authority;
  private final TokenStore tokens;
  private final ClientRegister register;
  private final List<String> refused = new CopyOnWriteArrayList<>();
  private final List<Object> received = new CopyOnWriteArrayList<>();
  private final Server server;

  private LoopbackServer(Authority authority, InstantSource clock, int port) throws IOException {
    this.authority = authority;
    this.tokens = TokenStore.open(authority.directory(), clock);
    this.register = ClientRegister.open(authority.directory(), clock);
    Refusals refusals = (client, reason, detail) -> refused.add(client.orElse("?") + " " + reason);
    this.server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .sslContext(ServerTls.of(authority, refusals))
            .intercept(new CertifiedClients(register, clock, refusals))
            .intercept(new Recorder())
            .addService(
                new EnrolmentService(
                    authority, tokens, register, Authority.CLIENT_LIFE, clock, refusals))
            .addService(new NamingService())
            .build()
            .start();
  }

  /** Starts one whose authority is made if it is missing. */
  public static LoopbackServer start(Path directory, InstantSource clock) throws IOException {
    return start(directory, clock, 0);
  }

  /** Starts one at a port. */
  public static LoopbackServer start(Path directory, InstantSource clock, int port)
      throws IOException {
    Path at = directory.resolve("authority");
    Authority authority =
        at.resolve("authority.pem").toFile().exists()
            ? Authority.open(at, List.of(), clock)
            : Authority.create(at, List.of(), clock);
    return new LoopbackServer(authority, clock, port);
  }

  Authority authority() {
    return authority;
  }

  TokenStore tokens() {
    return tokens;
  }

  ClientRegister register() {
    return register;
  }

  /** Clients and reasons, in order. */
  List<String> refused() {
    return refused;
  }

  /** All messages of clients. */
  List<Object> received() {
    return received;
  }

  /** A token good for an hour. */
  public EnrolmentToken token(String client) throws IOException {
    return tokens.create(client, Duration.ofHours(1), authority.fingerprint());
  }

  public ServerAddress address() {
    return address("localhost");
  }

  ServerAddress address(String host) {
    return new ServerAddress(host, server.getPort());
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class NamingService extends FederationGrpc.FederationImplBase {
    @Override
    public void download(DownloadRequest request, StreamObserver<Chunk> replies) {
      replies.onNext(
          Chunk.newBuilder()
              .setData(ByteString.copyFromUtf8(CertifiedClients.client().name()))
              .build());
      replies.onCompleted();
    }
  }

  private final class Recorder implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      return new SimpleForwardingServerCallListener<Q>(next.startCall(call, headers)) {
        @Override
        public void onMessage(Q message) {
          received.add(message);
          super.onMessage(message);
        }
      };
    }
  }
}
