package io.espalier.service.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Finds a worker that takes too much memory, or does not answer. Belongs to one thread. */
final class WorkerWatch {
  private static final long KIB_PER_MB = 1 << 10;

  private final Path status;
  private final WorkerMemory memory;
  private final Duration silence;
  private long heardNs;

  /**
   * Begins to watch.
   *
   * @param silence after which the worker counts as hung
   */
  WorkerWatch(long pid, WorkerMemory memory, Duration silence, long nowNs) {
    this.status = Path.of("/proc", Long.toString(pid), "status");
    this.memory = memory;
    this.silence = silence;
    this.heardNs = nowNs;
  }

  /** The worker has sent a message. */
  void heard(long nowNs) {
    heardNs = nowNs;
  }

  /** The rule that the worker breaks, if any. */
  Optional<String> problem(long nowNs) {
    OptionalLong residentMb = residentMb();
    if (residentMb.isPresent() && residentMb.getAsLong() > memory.limitMb()) {
      return Optional.of(
          "its resident memory must stay within %,d MB: resident=%,d MB; submit the run with more --memory, or serve with more --worker-memory"
              .formatted(memory.limitMb(), residentMb.getAsLong()));
    }
    return nowNs - heardNs > silence.toNanos()
        ? Optional.of(
            "it must answer within train.progress-timeout and half a minute: silent for %d s; look for what hangs in its classes, or raise train.progress-timeout"
                .formatted(silence.toSeconds()))
        : Optional.empty();
  }

  /** Empty where the system does not report it. */
  private OptionalLong residentMb() {
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / KIB_PER_MB)
          .findFirst();
    } catch (IOException | UncheckedIOException e) {
      return OptionalLong.empty();
    }
  }
}
