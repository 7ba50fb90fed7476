package io.espalier.training.run;

import com.sun.management.OperatingSystemMXBean;
import io.espalier.telemetry.event.HostEvent;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** Measures the resources that this process uses. */
public final class ResourceMeter {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String RESIDENT = "VmRSS:";
  private static final String ANONYMOUS = "RssAnon:";
  private static final String PEAK_RESIDENT = "VmHWM:";
  private static final String DIRECT = "direct";

  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
  private final Path directory;
  private final Duration interval;

  /** Measures free space of the file system of {@code directory}, once per {@code interval}. */
  public ResourceMeter(Path directory, Duration interval) {
    this.directory = directory;
    this.interval = interval;
  }

  /**
   * The use since the last call.
   *
   * @param backPressure transfers that had to wait for their receiver, since the start
   * @param unshippedBytes of the outbox that no broker has acknowledged
   */
  public HostEvent.ResourcesMeasured measure(
      long backPressure, long mailboxDepth, long unshippedBytes) {
    List<String> status = status();
    return new HostEvent.ResourcesMeasured(
        Math.max(0, system.getProcessCpuLoad()),
        memory.getHeapMemoryUsage().getUsed(),
        bytes(status, RESIDENT),
        backPressure,
        ManagementFactory.getThreadMXBean().getThreadCount(),
        unshippedBytes,
        Math.max(0, bytes(status, ANONYMOUS) - accountedBytes()),
        freeBytes(),
        mailboxDepth,
        interval.toMillis() / 1e3);
  }

  /** Peak of the resident memory, in bytes; 0 where the system does not provide it. */
  public static long peakResidentBytes() {
    return bytes(status(), PEAK_RESIDENT);
  }

  private long accountedBytes() {
    long direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals(DIRECT))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    return memory.getHeapMemoryUsage().getCommitted()
        + memory.getNonHeapMemoryUsage().getCommitted()
        + direct;
  }

  /** Empty if unsupported: the system then returns 0, as for a full disk. */
  private OptionalLong freeBytes() {
    long free = directory.toFile().getUsableSpace();
    return free > 0 || Files.isDirectory(directory) ? OptionalLong.of(free) : OptionalLong.empty();
  }

  private static List<String> status() {
    try {
      return Files.isReadable(STATUS) ? Files.readAllLines(STATUS) : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static long bytes(List<String> status, String field) {
    return status.stream()
        .filter(line -> line.startsWith(field))
        .map(line -> line.replaceAll("\\D", ""))
        .mapToLong(kilobytes -> Long.parseLong(kilobytes) * 1024)
        .findFirst()
        .orElse(0);
  }
}
