package io.espalier.bench.service;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** CPU time of threads by the beginning of their names. */
final class ThreadCpu {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private ThreadCpu() {}

  /** Seconds that living threads whose names start so have used since they were started. */
  static double seconds(List<String> prefixes) {
    return Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
            .filter(Objects::nonNull)
            .filter(info -> prefixes.stream().anyMatch(info.getThreadName()::startsWith))
            .mapToLong(ThreadInfo::getThreadId)
            .map(THREADS::getThreadCpuTime)
            .filter(ns -> ns > 0)
            .sum()
        / 1e9;
  }

  /** Seconds that the calling thread has used. */
  static double ownSeconds() {
    return THREADS.getCurrentThreadCpuTime() / 1e9;
  }
}
