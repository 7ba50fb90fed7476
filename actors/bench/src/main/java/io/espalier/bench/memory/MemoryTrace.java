package io.espalier.bench.memory;

import io.espalier.cli.console.ChildCommand;
import io.espalier.cli.console.CommandRefusedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
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

  /** Runs {@link MemoryWorker} in a process with this one's options, and reads what it tells. */
  static MemoryTrace ofProcess(
      String network, String mask, int trainers, int steps, List<String> overrides)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(ChildCommand.command(List.of(), MemoryWorker.class.getName()));
    command.addAll(List.of(network, mask, "" + trainers, "" + steps));
    command.addAll(overrides);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      List<Long> told = lines.lines().map(Long::parseLong).toList();
      if (process.waitFor() != 0 || told.size() < 2) {
        throw new CommandRefusedException(
            "a measuring process must reach its end: network=%s, mask=%s, exit code=%d"
                .formatted(network, mask, process.exitValue()));
      }
      return new MemoryTrace(told.subList(0, told.size() - 1), told.get(told.size() - 1));
    } finally {
      process.destroy();
    }
  }
}
