package io.espalier.actors.events;

import com.sun.management.OperatingSystemMXBean;
import io.espalier.telemetry.event.HostEvent;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Measures what this process uses of its machine. */
public final class ResourceMeter {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String RESIDENT = "VmRSS:";
  private static final String PEAK_RESIDENT = "VmHWM:";

  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /**
   * What was used since the last call.
   *
   * @param backPressure transfers that had to wait for their receiver, since the start
   * @param unshippedBytes of the outbox that no broker has acknowledged
   */
  public HostEvent.ResourcesMeasured measure(long backPressure, long unshippedBytes) {
    return new HostEvent.ResourcesMeasured(
        Math.max(0, system.getProcessCpuLoad()),
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        bytes(RESIDENT),
        backPressure,
        ManagementFactory.getThreadMXBean().getThreadCount(),
        unshippedBytes,
        0,
        OptionalLong.empty(),
        0,
        0);
  }

  /** The most memory that was resident at any time, in bytes; 0 where the system does not tell. */
  public static long peakResidentBytes() {
    return bytes(PEAK_RESIDENT);
  }

  private static long bytes(String field) {
    if (!Files.isReadable(STATUS)) {
      return 0;
    }
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(field))
          .map(line -> line.replaceAll("\\D", ""))
          .mapToLong(kilobytes -> Long.parseLong(kilobytes) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
