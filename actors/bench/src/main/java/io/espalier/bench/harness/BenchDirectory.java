package io.espalier.bench.harness;

import io.espalier.console.CommandRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The working directory of one bench: an Espalier home, temporary files, and a directory and a log
 * for each run. When it is closed, or the process ends by Ctrl-C, it runs the cleanup actions, the
 * last added first, and removes the directory unless it is to be kept. Thread-safe.
 */
public final class BenchDirectory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BenchDirectory.class);

  private final Path root;
  private final Thread hook = new Thread(this::cleanUp, "bench-cleanup");
  private final Deque<Runnable> actions = new ArrayDeque<>();
  private volatile boolean kept;
  private volatile boolean closed;

  private BenchDirectory(Path root) {
    this.root = root;
  }

  /** Creates a new directory below {@code parent}, which must exist. */
  public static BenchDirectory in(Path parent) throws IOException {
    Path root = Files.createTempDirectory(parent, "runs-").toAbsolutePath().normalize();
    Files.createDirectory(root.resolve("home"));
    Files.createDirectory(root.resolve("tmp"));
    BenchDirectory directory = new BenchDirectory(root);
    Runtime.getRuntime().addShutdownHook(directory.hook);
    return directory;
  }

  public Path root() {
    return root;
  }

  public Path home() {
    return root.resolve("home");
  }

  /** Returns the directory for what killed processes leave, such as unpacked native libraries. */
  Path temporary() {
    return root.resolve("tmp");
  }

  public Path run(String name) {
    return root.resolve(name);
  }

  public Path log(String name) {
    return root.resolve(name + ".log");
  }

  public void keep() {
    kept = true;
  }

  public synchronized void onClose(Runnable action) {
    requireOpen();
    actions.push(action);
  }

  synchronized Process start(ProcessBuilder builder) throws IOException {
    requireOpen();
    Process process = builder.start();
    actions.push(() -> process.destroyForcibly().onExit().join());
    return process;
  }

  /** Throws {@link CommandRefusedException} if this is closed, as after Ctrl-C. */
  void requireOpen() {
    if (closed) {
      throw interrupted();
    }
  }

  static CommandRefusedException interrupted() {
    return new CommandRefusedException(
        "the bench must run to its end to give results: it was interrupted; start it again");
  }

  @Override
  public void close() {
    cleanUp();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process ends: the hook runs, or has run.
      return;
    }
  }

  private synchronized void cleanUp() {
    closed = true;
    while (!actions.isEmpty()) {
      try {
        actions.pop().run();
      } catch (RuntimeException e) {
        LOG.warn("a bench could not clean up", e);
      }
    }
    if (!kept) {
      remove();
    }
  }

  private void remove() {
    try (Stream<Path> tree = Files.walk(root)) {
      List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      // A file of a process that does not end in time, or the directory is removed already.
      return;
    }
  }
}
