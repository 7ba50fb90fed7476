package io.espalier.actors.federation.gateway;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.espalier.actors.federation.link.AttendCall;
import io.espalier.actors.federation.link.Link;
import io.espalier.actors.federation.link.LinkSettings;
import io.espalier.actors.federation.link.LinkThreads;
import io.espalier.actors.federation.link.RefusedException;
import io.espalier.actors.federation.link.ServerMessages;
import io.espalier.actors.federation.protocol.FromClient;
import io.espalier.actors.federation.protocol.FromServer;
import io.espalier.actors.federation.protocol.Hello;
import io.espalier.actors.federation.protocol.Receipt;
import io.espalier.actors.federation.protocol.UploadHeader;
import io.espalier.trainer.data.format.Sha256;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A gateway with a fake reception, and links to it, over sockets of this machine. */
final class Wire implements AutoCloseable {
  private static final long LIMIT_SECONDS = 60;

  final FakeReception reception = new FakeReception();
  final LinkThreads threads = LinkThreads.start(2);
  final Path directory;
  private final GatewaySettings settings;
  private final List<Link> links = new ArrayList<>();
  private final List<Relay> relays = new ArrayList<>();
  private Gateway gateway;

  Wire(Path directory) throws IOException {
    this(directory, GatewaySettings.Limits.DEFAULT, GatewaySettings.Times.DEFAULT);
  }

  Wire(Path directory, GatewaySettings.Limits limits, GatewaySettings.Times times)
      throws IOException {
    this(
        directory,
        GatewaySettings.loopback(directory.resolve("incoming"))
            .withLimits(limits)
            .withTimes(times));
  }

  Wire(Path directory, ClientNames names) throws IOException {
    this(directory, GatewaySettings.loopback(directory.resolve("incoming")).withNames(names));
  }

  private Wire(Path directory, GatewaySettings settings) throws IOException {
    this.directory = directory;
    this.settings = settings;
    this.gateway = Gateway.start(settings, reception, List.of());
  }

  Gateway gateway() {
    return gateway;
  }

  /** Ends the gateway and starts one anew, on another port. */
  void restart() throws IOException {
    gateway.close();
    gateway = Gateway.start(settings, reception, List.of());
  }

  Link link(String client) {
    return link(gateway.address(), client);
  }

  Link link(InetSocketAddress server, String client) {
    Link link = Link.of(LinkSettings.loopback(server, client), threads);
    links.add(link);
    return link;
  }

  Relay relay() throws IOException {
    Relay relay = new Relay(gateway.address());
    relays.add(relay);
    return relay;
  }

  /** A file of random bytes. */
  Path file(String name, int bytes) throws IOException {
    byte[] content = new byte[bytes];
    new Random(name.hashCode()).nextBytes(content);
    return Files.write(directory.resolve(name), content);
  }

  /** Where the gateway keeps the part of a client's upload. */
  Path part(String client) {
    return settings.incoming().resolve(client + ".part");
  }

  static UploadHeader header(Path file) throws IOException {
    return UploadHeader.newBuilder()
        .setRound(FakeReception.ROUND)
        .setDigest(Sha256.ofFile(file))
        .setBytes(Files.size(file))
        .build();
  }

  static FromClient hello(Integer... versions) {
    return FromClient.newBuilder()
        .setHello(
            Hello.newBuilder()
                .addAllProtocolVersions(List.of(versions))
                .setSoftware("test")
                .setDensityCap(1))
        .build();
  }

  /** A whole session of a good client: attends, uploads a new result, gets its receipt, leaves. */
  Receipt goodSession(String client) throws Exception {
    Path result = file(client + "-" + System.nanoTime(), 100_000);
    try (Link link = link(client)) {
      Heard heard = new Heard();
      AttendCall call = link.attend(heard);
      call.send(hello(1));
      heard.next();
      Receipt receipt = await(link.upload(header(result), result));
      call.close();
      heard.end();
      return receipt;
    }
  }

  static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
  }

  /** What a stage fails with. */
  static Throwable failure(CompletionStage<?> stage) {
    CompletionException failure =
        assertThrows(CompletionException.class, () -> await(stage), "it must fail");
    return Objects.requireNonNull(failure.getCause());
  }

  /** The word of the refusal that a stage fails with. */
  static String refusal(CompletionStage<?> stage) {
    Throwable failure = failure(stage);
    if (failure instanceof RefusedException refused) {
      return refused.reason();
    }
    throw new AssertionError("a refusal was expected", failure);
  }

  static void until(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(LIMIT_SECONDS).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("it did not come to pass in %d s".formatted(LIMIT_SECONDS));
      }
      Thread.sleep(5);
    }
  }

  @Override
  public void close() throws IOException {
    links.forEach(Link::close);
    for (Relay relay : relays) {
      relay.close();
    }
    gateway.close();
    threads.close();
  }

  /** What one stream heard. */
  static final class Heard implements ServerMessages {
    private final BlockingQueue<FromServer> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Optional<Exception>> end = new CompletableFuture<>();

    @Override
    public void received(FromServer message) {
      messages.add(message);
    }

    @Override
    public void ended(Optional<Exception> failure) {
      end.complete(failure);
    }

    FromServer next() throws InterruptedException {
      FromServer message = messages.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
      if (message == null) {
        throw new AssertionError("a message was expected; end: " + end.getNow(Optional.empty()));
      }
      return message;
    }

    Optional<Exception> end() {
      return await(end);
    }
  }
}
