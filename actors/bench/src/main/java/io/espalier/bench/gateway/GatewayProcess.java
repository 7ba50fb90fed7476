package io.espalier.bench.gateway;

import io.espalier.bench.harness.ChildProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.List;

/** A {@link GatewayWorker} in a process of its own, on this machine. Not thread-safe. */
final class GatewayProcess implements AutoCloseable {
  /** A heap that gives back what it does not need, so that resident memory is memory in use. */
  private static final List<String> OPTIONS =
      List.of("-XX:+UseSerialGC", "-XX:MinHeapFreeRatio=5", "-XX:MaxHeapFreeRatio=10");

  private final ChildProcess process;
  private final InetSocketAddress address;

  record State(int connections, long residentBytes) {}

  private GatewayProcess(ChildProcess process) throws IOException {
    this.process = process;
    this.address =
        new InetSocketAddress(
            InetAddress.getLoopbackAddress(), Integer.parseInt(process.answer()));
  }

  static GatewayProcess start(int connections) throws IOException {
    String incoming = Files.createTempDirectory("gateway-").toString();
    return new GatewayProcess(
        ChildProcess.worker(
            GatewayWorker.class,
            OPTIONS,
            ProcessBuilder.Redirect.INHERIT,
            List.of("" + connections, incoming)));
  }

  InetSocketAddress address() {
    return address;
  }

  State state() throws IOException {
    String[] words = process.ask("state").split(" ", -1);
    return new State(Integer.parseInt(words[0]), Long.parseLong(words[1]));
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.close();
  }
}
