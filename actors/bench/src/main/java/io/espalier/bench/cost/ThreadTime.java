package io.espalier.bench.cost;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Processor time of the calling thread where the platform measures it, so that time of others is
 * not counted.
 */
public final class ThreadTime {
  private ThreadTime() {}

  /** Nanoseconds from an arbitrary origin. */
  public static long now() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return threads.isCurrentThreadCpuTimeSupported()
        ? threads.getCurrentThreadCpuTime()
        : System.nanoTime();
  }
}
