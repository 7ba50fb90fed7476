package io.espalier.bench.gateway;

import com.sun.management.UnixOperatingSystemMXBean;
import io.espalier.bench.harness.BenchDirectory;
import io.espalier.bench.harness.BenchOutput;
import io.espalier.bench.harness.Figure;
import io.espalier.bench.harness.Measurements;
import io.espalier.console.CommandRefusedException;
import io.espalier.federation.client.AttendCall;
import io.espalier.federation.client.Link;
import io.espalier.federation.client.LinkSettings;
import io.espalier.federation.client.LinkThreads;
import io.espalier.federation.protocol.FromClient;
import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.protocol.Hello;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "gateway",
    description = {
      "Measures resident memory of a gateway per idle client, each over a connection of its own.",
      "",
      "The gateway has a process of its own. The first figure is with TLS 1.3 and certificates on"
          + " both sides (clients share one), the second in plaintext, over the loopback. All"
          + " clients leave and come back in each round."
          + " Linux only; needs a file per connection in each of two processes: ulimit -n."
    })
final class BenchGatewayCommand implements Callable<Integer> {
  private static final long POLL_MS = 200;
  private static final int POLLS = 150;

  @Option(
      names = "--connections",
      defaultValue = "10000",
      description = "Clients at once (default: ${DEFAULT-VALUE}).")
  private int connections;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "How often they connect (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Mixin private BenchOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    output.require(
        connections > 0 && rounds > 0,
        "--connections and --rounds must be 1 or more: connections=%d, rounds=%d",
        connections,
        rounds);
    OpenFiles.require(connections);
    try (BenchDirectory scratch = BenchDirectory.in(output.directory())) {
      GatewayCertificates certificates = GatewayCertificates.create(scratch.root());
      try (GatewayProcess gateway =
          GatewayProcess.certified(
              connections, scratch.root().resolve("tls"), certificates.authority())) {
        SslContext tls = certificates.enrol(gateway.address());
        measure(gateway, "TLS 1.3", name -> GatewayCertificates.link(gateway.address(), tls, name));
      }
      try (GatewayProcess gateway =
          GatewayProcess.start(connections, scratch.root().resolve("plaintext"))) {
        measure(gateway, "plaintext", name -> LinkSettings.loopback(gateway.address(), name));
      }
    }
    output.finish();
    return ExitCode.OK;
  }

  private void measure(GatewayProcess gateway, String kind, Function<String, LinkSettings> links)
      throws IOException, InterruptedException {
    IdleClients.connect(links, 1).close();
    long before = settled(gateway, 0).residentBytes();
    List<Double> kilobytes = new ArrayList<>();
    List<Double> seconds = new ArrayList<>();
    long most = before;
    for (int round = 0; round < rounds; round++) {
      output.say("%,d clients connect, %s, round %d of %d …", connections, kind, round + 1, rounds);
      long startNs = System.nanoTime();
      try (IdleClients clients = IdleClients.connect(links, connections)) {
        seconds.add((System.nanoTime() - startNs) / 1e9);
        long resident = settled(gateway, clients.count()).residentBytes();
        kilobytes.add((resident - before) / 1e3 / connections);
        most = Math.max(most, resident);
      }
      settled(gateway, 0);
    }
    output.add(
        List.of(
            new Figure(
                "kB of the server's resident memory per client",
                "%,d idle clients, %s".formatted(connections, kind),
                Measurements.of(kilobytes),
                String.format(
                    Locale.ROOT,
                    "%.0f MB without, %.0f MB with; all welcomed in %.1f s",
                    before / 1e6,
                    most / 1e6,
                    Measurements.of(seconds).median()))));
  }

  private static GatewayProcess.State settled(GatewayProcess gateway, int expected)
      throws IOException, InterruptedException {
    for (int poll = 0; poll < POLLS; poll++) {
      GatewayProcess.State state = gateway.state();
      if (state.connections() == expected) {
        return state;
      }
      Thread.sleep(POLL_MS);
    }
    throw new CommandRefusedException(
        "a gateway must have one connection for each client: clients=%d, connections=%d"
            .formatted(expected, gateway.state().connections()));
  }

  /** The limit of files and sockets that a process may have open. */
  static final class OpenFiles {
    /** Classes, logs and the like, beside the sockets. */
    private static final int OTHERS = 512;

    private OpenFiles() {}

    /** Refuses more sockets than this process may open; its children inherit the limit. */
    static void require(int sockets) {
      if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
        long limit = unix.getMaxFileDescriptorCount();
        if (limit < sockets + OTHERS) {
          throw new CommandRefusedException(
              "a process must be allowed a file for each connection and %d more: connections=%d, limit=%d; raise it with ulimit -n %d, or ask for fewer with --connections"
                  .formatted(OTHERS, sockets, limit, sockets + OTHERS));
        }
      }
    }
  }

  /** Clients that attend and do nothing else, each on its own connection. Not thread-safe. */
  static final class IdleClients implements AutoCloseable {
    private static final int CONNECTING_AT_ONCE = 32;

    private final LinkThreads threads = LinkThreads.start(2);
    private final List<Link> links = new ArrayList<>();
    private final Semaphore connecting = new Semaphore(CONNECTING_AT_ONCE);
    private volatile Optional<Exception> failure = Optional.empty();

    static IdleClients connect(Function<String, LinkSettings> settings, int count)
        throws IOException, InterruptedException {
      IdleClients clients = new IdleClients();
      for (int client = 0; client < count; client++) {
        clients.connecting.acquire();
        clients.connectOne(settings.apply("client-" + client));
      }
      clients.connecting.acquire(CONNECTING_AT_ONCE);
      if (clients.failure.isPresent()) {
        clients.close();
        Exception cause = clients.failure.get();
        throw new IOException(
            "every client must be welcomed: clients=%d, cause=%s".formatted(count, cause), cause);
      }
      return clients;
    }

    int count() {
      return links.size();
    }

    @Override
    public void close() {
      links.forEach(Link::close);
      threads.close();
    }

    private void connectOne(LinkSettings settings) {
      Link link = Link.of(settings, threads);
      links.add(link);
      AttendCall call = link.attend(new Waiting());
      call.send(
          FromClient.newBuilder()
              .setHello(
                  Hello.newBuilder()
                      .addProtocolVersions(1)
                      .setSoftware("bench gateway")
                      .setDensityCap(1))
              .build());
    }

    private final class Waiting implements AttendCall.Listener {
      private boolean answered;

      @Override
      public void received(FromServer message) {
        answered = true;
        connecting.release();
      }

      @Override
      public void ended(Optional<Exception> cause) {
        if (!answered) {
          failure = cause.or(() -> Optional.of(new IOException("the stream ended")));
          connecting.release();
        }
      }
    }
  }
}
