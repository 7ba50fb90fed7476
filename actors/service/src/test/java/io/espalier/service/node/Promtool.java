package io.espalier.service.node;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs Prometheus' own checker of rules. */
final class Promtool {
  private static final long LIMIT_S = 120;

  private Promtool() {}

  /** Returns what it prints to both streams. */
  static String run(String... arguments) throws IOException, InterruptedException {
    return runWith("", arguments);
  }

  /** Runs it with a text as its input. */
  static String runWith(String input, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(arguments));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new AssertionError(
          "tests of the alert rules need promtool on the path; apt-get install prometheus", e);
    }
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("promtool must end in time: printed=" + printed);
    }
    return printed;
  }
}
