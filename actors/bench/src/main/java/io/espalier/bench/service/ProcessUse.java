package io.espalier.bench.service;

import io.espalier.bench.harness.ProcessMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Resources that a process has used up to a moment, from Linux's {@code /proc}.
 *
 * @param cpuTicks of all threads, those that ended included; 100 a second
 * @param ticksByThread of the threads that live, by their names without a number at the end
 */
record ProcessUse(long cpuTicks, long residentBytes, int threads, Map<String, Long> ticksByThread) {
  private static final double TICKS_PER_SECOND = 100;
  private static final int USER_TICKS = 11;
  private static final int SYSTEM_TICKS = 12;

  ProcessUse {
    ticksByThread = new TreeMap<>(ticksByThread);
  }

  static ProcessUse of(long pid) throws IOException {
    Path process = Path.of("/proc", String.valueOf(pid));
    Map<String, Long> threads = new TreeMap<>();
    int count = 0;
    try (Stream<Path> tasks = Files.list(process.resolve("task"))) {
      for (Path task : tasks.toList()) {
        count++;
        add(threads, task.resolve("stat"));
      }
    }
    return new ProcessUse(
        ticks(Files.readString(process.resolve("stat"))),
        ProcessMemory.of(pid).residentBytes(),
        count,
        threads);
  }

  double cpuSince(ProcessUse earlier, double seconds) {
    return (cpuTicks - earlier.cpuTicks) / TICKS_PER_SECOND / seconds;
  }

  List<String> busiestSince(ProcessUse earlier, double seconds, int most) {
    Map<String, Long> spent = new TreeMap<>();
    ticksByThread.forEach(
        (name, ticks) -> spent.put(name, ticks - earlier.ticksByThread.getOrDefault(name, 0L)));
    return spent.entrySet().stream()
        .filter(each -> each.getValue() > 0)
        .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
        .limit(most)
        .map(
            each ->
                String.format(
                    Locale.ROOT,
                    "%s %.1f%%",
                    each.getKey(),
                    100 * each.getValue() / TICKS_PER_SECOND / seconds))
        .toList();
  }

  /** A thread may end while it is looked at. */
  private static void add(Map<String, Long> threads, Path stat) throws IOException {
    try {
      String text = Files.readString(stat);
      threads.merge(name(text), ticks(text), Long::sum);
    } catch (NoSuchFileException | UncheckedIOException e) {
      threads.merge("ended", 0L, Long::sum);
    }
  }

  static String name(String stat) {
    return stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
        .replaceFirst("[-_# ]*\\d+$", "");
  }

  static long ticks(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
  }
}
