package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Threads, files, mappings and media drivers of this process that were not there before. */
final class OpenResources {
  private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(20);

  /** Kafka's meters, started once per process. */
  private static final String OF_ALL_BROKERS = "metrics-meter-tick-thread";

  private static final Path FILES = Path.of("/proc/self/fd");
  private static final String DRIVERS = "espalier-aeron-" + ProcessHandle.current().pid() + "-";

  private final Path directory;
  private final Set<Long> threads;

  private OpenResources(Path directory) {
    this.directory = directory;
    this.threads = threads().map(Thread::getId).collect(Collectors.toSet());
  }

  /** Records what is open now. Only files below {@code directory} count. */
  static OpenResources before(Path directory) {
    return new OpenResources(directory);
  }

  /** Waits for threads that are ending. */
  void assertNoneOpen() throws IOException {
    long until = System.nanoTime() + LIMIT_NS;
    while (!open().isEmpty() && System.nanoTime() < until) {
      sleep();
    }
    assertThat(open()).isEmpty();
  }

  Set<String> open() throws IOException {
    Set<String> open = new TreeSet<>();
    threads()
        .filter(thread -> !threads.contains(thread.getId()))
        .forEach(thread -> open.add("thread " + thread.getName()));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(FILES)) {
      for (Path file : files) {
        note(target(file), open);
      }
    }
    Files.readAllLines(Path.of("/proc/self/maps")).stream()
        .filter(line -> line.contains("/"))
        .forEach(line -> note(line.substring(line.indexOf('/')), open));
    for (String folder : List.of("/dev/shm", System.getProperty("java.io.tmpdir"))) {
      try (DirectoryStream<Path> drivers =
          Files.newDirectoryStream(Path.of(folder), DRIVERS + "*")) {
        drivers.forEach(driver -> open.add("media driver " + driver));
      }
    }
    return open;
  }

  private void note(String file, Set<String> open) {
    if (file.startsWith(directory.toString()) || file.contains(DRIVERS)) {
      open.add("file " + file);
    }
  }

  /** Empty if the file was closed in the meantime. */
  private static String target(Path file) {
    try {
      return Files.readSymbolicLink(file).toString();
    } catch (IOException e) {
      return "";
    }
  }

  private static Stream<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !thread.getName().startsWith(OF_ALL_BROKERS));
  }

  private static void sleep() {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
