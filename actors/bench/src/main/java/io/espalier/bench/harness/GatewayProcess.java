package io.espalier.bench.harness;

import io.espalier.bench.gateway.GatewayWorker;
import io.espalier.cli.console.ChildCommand;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@link GatewayWorker} in a process of its own, on this machine. Linux only, not thread-safe.
 */
public final class GatewayProcess implements AutoCloseable {
  /** A heap that gives back what it does not need, so that resident memory is memory in use. */
  private static final List<String> OPTIONS =
      List.of("-XX:+UseSerialGC", "-XX:MinHeapFreeRatio=5", "-XX:MaxHeapFreeRatio=10");

  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter questions;
  private final InetSocketAddress address;

  /** Open connections, and the process's resident memory in bytes. */
  public record State(int connections, long residentBytes) {}

  private GatewayProcess(Process process) throws IOException {
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.questions = process.outputWriter(StandardCharsets.UTF_8);
    this.address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(answer()));
  }

  /** Starts one, and waits until it listens. */
  public static GatewayProcess start(int connections) throws IOException {
    Path incoming = Files.createTempDirectory("gateway-");
    List<String> command =
        new ArrayList<>(ChildCommand.command(OPTIONS, GatewayWorker.class.getName()));
    command.addAll(List.of("" + connections, incoming.toString()));
    return new GatewayProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  public InetSocketAddress address() {
    return address;
  }

  /** Collects garbage, and looks. */
  public State look() throws IOException {
    questions.write("look\n");
    questions.flush();
    String[] words = answer().split(" ", -1);
    return new State(Integer.parseInt(words[0]), Long.parseLong(words[1]));
  }

  /** Whether it still runs. */
  public boolean alive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  private String answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("a gateway's process must live until it is ended");
    }
    return line;
  }
}
