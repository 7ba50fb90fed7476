package io.espalier.cli.prune;

import io.espalier.configs.file.AtomicFile;
import io.espalier.trainer.offline.PruneProgress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Output of which a process that is interrupted leaves nothing: writing stops, and what is beside
 * the output's place is removed. Thread-safe.
 */
final class InterruptibleOutput implements AutoCloseable {
  private static final long MOST_SECONDS = 3;

  private final List<Path> partial;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::interrupted, "remove-partial-output");
  private volatile boolean stopped;
  private volatile boolean writing;

  private InterruptibleOutput(List<Path> partial) {
    this.partial = List.copyOf(partial);
  }

  static InterruptibleOutput of(Path out, Optional<Path> masks) {
    List<Path> partial = new ArrayList<>();
    Stream.concat(Stream.of(out), masks.stream())
        .map(Path::toAbsolutePath)
        .forEach(
            path ->
                partial.add(path.resolveSibling(AtomicFile.partOf(path.getFileName().toString()))));
    InterruptibleOutput output = new InterruptibleOutput(partial);
    Runtime.getRuntime().addShutdownHook(output.hook);
    return output;
  }

  /** A listener that ends pruning with a {@link CancellationException} once it is interrupted. */
  PruneProgress stopping(PruneProgress shown) {
    return (phase, done, total) -> {
      writing = phase == PruneProgress.Phase.WRITING;
      if (stopped) {
        throw new CancellationException("interrupted");
      }
      shown.at(phase, done, total);
    };
  }

  @Override
  public void close() {
    closed.countDown();
    if (!stopped) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }

  private void interrupted() {
    stopped = true;
    try {
      boolean ended = !writing || closed.await(MOST_SECONDS, TimeUnit.SECONDS);
      if (!ended || writing) {
        for (Path path : partial) {
          remove(path);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | UncheckedIOException e) {
      // The process ends; what cannot be removed stays.
      return;
    }
  }

  private static void remove(Path path) throws IOException {
    if (Files.notExists(path)) {
      return;
    }
    List<Path> paths;
    try (Stream<Path> found = Files.walk(path)) {
      paths = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : paths) {
      Files.deleteIfExists(each);
    }
  }
}
