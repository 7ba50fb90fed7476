package io.espalier.cli.serve;

import com.sun.management.OperatingSystemMXBean;
import io.espalier.console.CommandRefusedException;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import picocli.CommandLine.Option;

final class CapacityOptions {
  private static final long MEGABYTE = 1 << 20;
  private static final int MOST = 1 << 20;

  @Option(
      names = "--trainers",
      paramLabel = "N",
      description = "Trainers that may run at once, one core each (default: the machine's cores).")
  private Optional<Integer> trainers = Optional.empty();

  @Option(
      names = "--memory",
      paramLabel = "MB",
      description =
          "Memory that all trainers may have together, as the queue counts it (default: three"
              + " quarters of the machine's).")
  private Optional<Integer> memoryMb = Optional.empty();

  int trainers() {
    return checked(
        "--trainers", trainers.orElseGet(() -> Runtime.getRuntime().availableProcessors()));
  }

  int memoryMb() {
    return checked("--memory", memoryMb.orElseGet(CapacityOptions::threeQuarters));
  }

  private static int checked(String option, int value) {
    if (value < 0 || value > MOST) {
      throw new CommandRefusedException(
          "%s must be 0 to %d: value=%d".formatted(option, MOST, value));
    }
    return value;
  }

  private static int threeQuarters() {
    long bytes =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    return (int) Math.min(MOST, bytes / 4 * 3 / MEGABYTE);
  }
}
