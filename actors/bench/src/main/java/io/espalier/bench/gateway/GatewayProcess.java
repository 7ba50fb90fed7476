package io.espalier.bench.gateway;

import io.espalier.bench.harness.ChildProcess;
import io.espalier.bench.harness.ProcessMemory;
import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.protocol.Hello;
import io.espalier.federation.protocol.Progress;
import io.espalier.federation.protocol.Ready;
import io.espalier.federation.protocol.UploadHeader;
import io.espalier.federation.protocol.Welcome;
import io.espalier.federation.protocol.WorkFailed;
import io.espalier.federation.refusal.RefusalReason;
import io.espalier.federation.server.ClientSession;
import io.espalier.federation.server.Gateway;
import io.espalier.federation.server.GatewayHandler;
import io.espalier.federation.server.GatewaySettings;
import io.espalier.federation.server.UploadVerdict;
import io.espalier.federation.trust.GatewayTrust;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A {@link Worker} in a separate process on this machine. Not thread-safe. */
public final class GatewayProcess implements AutoCloseable {
  /** The heap returns unused memory, so that resident memory is memory in use. */
  private static final List<String> OPTIONS =
      List.of("-XX:+UseSerialGC", "-XX:MinHeapFreeRatio=5", "-XX:MaxHeapFreeRatio=10");

  private final ChildProcess process;
  private final InetSocketAddress address;

  public record State(int connections, long residentBytes) {}

  private GatewayProcess(ChildProcess process) throws IOException {
    this.process = process;
    this.address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(process.answer()));
  }

  /** A gateway in plaintext, which takes uploads to {@code incoming}. */
  static GatewayProcess start(int connections, Path incoming) throws IOException {
    return start(List.of("" + connections, incoming.toString()));
  }

  /** A gateway with TLS, which knows the devices of an authority. */
  static GatewayProcess certified(int connections, Path incoming, Path authority)
      throws IOException {
    return start(List.of("" + connections, incoming.toString(), authority.toString()));
  }

  /** The same with a heap of its own and a file for what it logs. */
  public static GatewayProcess start(int connections, Path incoming, String heap, Path log)
      throws IOException {
    List<String> options = new ArrayList<>(OPTIONS);
    options.add("-Xmx" + heap);
    return new GatewayProcess(
        ChildProcess.worker(
            Worker.class,
            options,
            ProcessBuilder.Redirect.to(log.toFile()),
            List.of("" + connections, incoming.toString())));
  }

  private static GatewayProcess start(List<String> arguments) throws IOException {
    return new GatewayProcess(
        ChildProcess.worker(Worker.class, OPTIONS, ProcessBuilder.Redirect.INHERIT, arguments));
  }

  public InetSocketAddress address() {
    return address;
  }

  public State state() throws IOException {
    String[] words = process.ask("state").split(" ", -1);
    return new State(Integer.parseInt(words[0]), Long.parseLong(words[1]));
  }

  public ProcessMemory memory() throws IOException {
    return process.memory();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.close();
  }

  /**
   * The process of a gateway whose memory is measured. It prints its port, then for each line of
   * its input its open connections and its resident memory in bytes; it ends with its input.
   */
  static final class Worker {
    private Worker() {}

    /** Arguments: the most connections, a directory for uploads, and with TLS an authority's. */
    public static void main(String[] arguments) throws IOException {
      GatewaySettings settings =
          GatewaySettings.loopback(Path.of(arguments[1]))
              .withLimits(
                  GatewaySettings.Limits.DEFAULT.withConnections(
                      Integer.parseInt(arguments[0]), 4));
      PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
      try (Gateway gateway = started(settings, arguments);
          BufferedReader in =
              new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
        out.println(gateway.address().getPort());
        while (in.readLine() != null) {
          System.gc();
          out.println(gateway.connections() + " " + ProcessMemory.own().residentBytes());
        }
      }
    }

    private static Gateway started(GatewaySettings settings, String[] arguments)
        throws IOException {
      if (arguments.length < 3) {
        return Gateway.start(settings, new Greeter(), List.of());
      }
      GatewayTrust trust = GatewayCertificates.trust(Path.of(arguments[2]));
      return Gateway.start(
          GatewayCertificates.onto(settings, trust), new Greeter(), List.of(trust.enrolment()));
    }

    private static final class Greeter implements GatewayHandler {
      @Override
      public void attended(ClientSession session, Hello hello) {
        Welcome welcome =
            Welcome.newBuilder()
                .setProtocolVersion(session.protocolVersion())
                .setRun("bench")
                .build();
        session.send(FromServer.newBuilder().setWelcome(welcome).build());
      }

      @Override
      public void ready(ClientSession session, Ready ready) {}

      @Override
      public void progressed(ClientSession session, Progress progress) {}

      @Override
      public void failed(ClientSession session, WorkFailed failure) {}

      @Override
      public void left(ClientSession session) {}

      @Override
      public Optional<Path> payload(String client, String digest) {
        return Optional.empty();
      }

      @Override
      public CompletionStage<UploadVerdict> announced(String client, UploadHeader header) {
        return CompletableFuture.completedFuture(new UploadVerdict.Wanted(1 << 20));
      }

      @Override
      public CompletionStage<UploadVerdict> completed(
          String client, UploadHeader header, Path file) {
        return CompletableFuture.completedFuture(
            new UploadVerdict.Refused(RefusalReason.STALE_ROUND, "a bench has no round"));
      }

      @Override
      public void refused(Optional<String> client, RefusalReason reason, String detail) {}
    }
  }
}
