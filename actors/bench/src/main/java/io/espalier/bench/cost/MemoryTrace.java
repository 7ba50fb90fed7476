package io.espalier.bench.cost;

import io.espalier.bench.harness.ChildProcess;
import io.espalier.cli.console.CommandRefusedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Resident memory of one run, in bytes.
 *
 * @param residents at each sync, in order
 * @param peak the most that the process ever had
 */
record MemoryTrace(List<Long> residents, long peak) {
  MemoryTrace {
    residents = List.copyOf(residents);
  }

  /** Runs {@link MemoryWorker} in a process with this one's options, and reads its output. */
  static MemoryTrace ofProcess(
      String network, String mask, int trainers, int steps, List<String> overrides)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of(network, mask, "" + trainers, "" + steps));
    arguments.addAll(overrides);
    try (ChildProcess worker =
        ChildProcess.worker(
            MemoryWorker.class, List.of(), ProcessBuilder.Redirect.INHERIT, arguments)) {
      List<Long> bytes = worker.answers().map(Long::parseLong).toList();
      int exitCode = worker.process().waitFor();
      if (exitCode != 0 || bytes.size() < 2) {
        throw new CommandRefusedException(
            "a measuring process must reach its end: network=%s, mask=%s, exit code=%d"
                .formatted(network, mask, exitCode));
      }
      return new MemoryTrace(bytes.subList(0, bytes.size() - 1), bytes.get(bytes.size() - 1));
    }
  }
}
