package io.espalier.service.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The end of a worker before its result.
 *
 * @param broken the rule for whose breach the service killed it
 * @param printed its last lines, oldest first
 */
record WorkerDeath(
    String run, int exitCode, Optional<String> broken, Path directory, List<String> printed) {
  /** Where the virtual machine reports its own crash. */
  static final String CRASH_REPORT = "hs_err.log";

  private static final int SIGNALLED = 128;
  private static final int HEAP_EXHAUSTED = 3;
  private static final int MOST_LINES = 3;
  private static final int MOST_LENGTH = 200;
  private static final int HEAD_BYTES = 4096;
  private static final Map<Integer, String> SIGNALS =
      Map.of(
          4, "an illegal instruction",
          6, "a crash of the virtual machine or of native code",
          7, "a bus error: a full /dev/shm, or a file that was cut",
          9, "kill -9, or the system ran out of memory",
          11, "a fault in native code");

  String cause() {
    return "a worker must live until its attempt ends: run=%s, %s%s%s; see %s in the run's directory"
        .formatted(run, how(), crash(), lines(), WorkerLog.FILE_NAME);
  }

  private String how() {
    if (broken.isPresent()) {
      return "killed, as " + broken.get();
    }
    int signal = exitCode - SIGNALLED;
    if (signal > 0) {
      return "ended by signal %d (%s)"
          .formatted(signal, SIGNALS.getOrDefault(signal, "sent to it"));
    }
    return exitCode == HEAP_EXHAUSTED
        ? "its heap was exhausted (exit code 3), submit the run with more --memory"
        : "ended by exit code " + exitCode;
  }

  private String crash() {
    Path report = directory.resolve(CRASH_REPORT);
    if (!Files.exists(report)) {
      return "";
    }
    return head(report)
        .lines()
        .map(line -> line.replaceFirst("^#\\s*", "").strip())
        .filter(line -> !line.isEmpty() && !line.startsWith("A fatal error has been detected"))
        .findFirst()
        .map(line -> "; " + CRASH_REPORT + ": " + shortened(line))
        .orElse("");
  }

  private static String head(Path report) {
    try (var in = Files.newInputStream(report)) {
      return new String(in.readNBytes(HEAD_BYTES), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private String lines() {
    List<String> all = printed.stream().map(String::strip).filter(line -> !line.isEmpty()).toList();
    return all.isEmpty()
        ? ""
        : all.stream()
            .skip(Math.max(0, all.size() - MOST_LINES))
            .map(WorkerDeath::shortened)
            .collect(Collectors.joining(" | ", "; last lines: ", ""));
  }

  private static String shortened(String line) {
    return line.length() <= MOST_LENGTH ? line : line.substring(0, MOST_LENGTH) + "…";
  }
}
