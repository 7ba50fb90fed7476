package io.espalier.telemetry.kafka;

import io.espalier.configs.file.AtomicFile;
import io.espalier.configs.file.LockFile;
import io.espalier.configs.file.PrivateDirectory;
import io.espalier.telemetry.outbox.Outbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The run directories of an Espalier home whose outboxes are not fully shipped, for the next holder
 * of the home's broker. One small file per run directory under {@code outboxes/}. Thread-safe, also
 * across processes.
 */
public final class Backlog {
  private static final String SUFFIX = ".path";

  private final Path entries;

  private Backlog(Path entries) {
    this.entries = entries;
  }

  public static Backlog of(Path home) {
    return new Backlog(home.resolve("outboxes"));
  }

  public void add(Path runDirectory) throws IOException {
    PrivateDirectory.own(entries);
    String path = runDirectory.toAbsolutePath().normalize().toString();
    AtomicFile.write(entry(runDirectory), out -> out.write(path.getBytes(StandardCharsets.UTF_8)));
  }

  public void remove(Path runDirectory) throws IOException {
    Files.deleteIfExists(entry(runDirectory));
  }

  public List<Path> pending() throws IOException {
    if (!Files.isDirectory(entries)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(entries)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(SUFFIX))
          .sorted()
          .map(Backlog::target)
          .flatMap(Optional::stream)
          .filter(Files::isDirectory)
          .toList();
    }
  }

  /** Bytes of the pending outboxes that the broker has not acknowledged. */
  public long bytes() throws IOException {
    long bytes = 0;
    for (Path run : pending()) {
      try (Shipment shipment = new Shipment(run, Optional::empty)) {
        bytes += Math.max(0, shipment.written() - shipment.acknowledged());
      }
    }
    return bytes;
  }

  /**
   * Ships the pending run directories in turn, except those whose process runs and ships them
   * itself; removes and returns those shipped to the end.
   *
   * @throws IOException the first failure of a run; all others were tried
   */
  public List<Path> ship(Supplier<Optional<BrokerAccess>> broker, Path except, Duration limitPerRun)
      throws IOException {
    Path left = except.toAbsolutePath().normalize();
    List<Path> shipped = new ArrayList<>();
    Optional<IOException> failure = Optional.empty();
    for (Path run : pending()) {
      try {
        if (!run.equals(left) && ship(run, broker, limitPerRun)) {
          shipped.add(run);
        }
      } catch (IOException e) {
        failure = failure.or(() -> Optional.of(e));
      }
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
    return shipped;
  }

  /** Removes a run only if the broker has all of it and no process appends any more. */
  private boolean ship(Path runDirectory, Supplier<Optional<BrokerAccess>> broker, Duration limit)
      throws IOException {
    if (isInUse(runDirectory)) {
      return false;
    }
    long until = System.nanoTime() + limit.toNanos();
    try (Shipment shipment = new Shipment(runDirectory, broker)) {
      while (shipment.shipBatch()) {
        if (System.nanoTime() > until) {
          return false;
        }
      }
      Optional<LockFile> outbox = Outbox.lock(runDirectory);
      boolean finished = outbox.isPresent() && shipment.isComplete();
      if (finished) {
        remove(runDirectory);
      }
      outbox.ifPresent(LockFile::close);
      return finished;
    }
  }

  private static boolean isInUse(Path runDirectory) throws IOException {
    Optional<LockFile> outbox = Outbox.lock(runDirectory);
    outbox.ifPresent(LockFile::close);
    return outbox.isEmpty();
  }

  private Path entry(Path runDirectory) {
    String path = runDirectory.toAbsolutePath().normalize().toString();
    return entries.resolve(UUID.nameUUIDFromBytes(path.getBytes(StandardCharsets.UTF_8)) + SUFFIX);
  }

  /** Empty if another process has forgotten the entry since. */
  private static Optional<Path> target(Path entry) {
    try {
      return Optional.of(Path.of(Files.readString(entry).strip()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
