package io.espalier.bench.harness;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Processor time of this process, with all its threads, so that time of others is not counted. */
public final class ProcessTime {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private ProcessTime() {}

  /** Nanoseconds from an arbitrary origin. */
  public static long now() {
    return SYSTEM.getProcessCpuTime();
  }
}
