package io.espalier.cli.serve;

import io.espalier.console.CommandRefusedException;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where attempts take place. */
final class WorkerOptions {
  private static final int LEAST = 256;
  private static final int MOST = 1 << 20;

  @Option(
      names = "--no-isolate",
      negatable = true,
      description =
          "Execute each attempt at a run in a process of its own, so that one that dies takes no"
              + " other down (default: yes). Runs with trainers on other nodes are never"
              + " isolated.")
  private boolean isolated = true;

  @Option(
      names = "--worker-memory",
      paramLabel = "MB",
      defaultValue = "1024",
      description =
          "Memory that such a process may have beyond that of its trainers ('submit --memory'),"
              + " for Java, engine and data; half of both is the limit of its heap (default:"
              + " ${DEFAULT-VALUE}).")
  private int memoryMb = 1024;

  /** Memory of a worker beyond the reservation of its run; empty where there are none. */
  Optional<Integer> memoryMb() {
    if (memoryMb < LEAST || memoryMb > MOST) {
      throw new CommandRefusedException(
          "--worker-memory must be %d to %d: value=%d".formatted(LEAST, MOST, memoryMb));
    }
    return isolated ? Optional.of(memoryMb) : Optional.empty();
  }
}
