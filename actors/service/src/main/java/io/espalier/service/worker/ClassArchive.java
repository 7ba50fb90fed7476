package io.espalier.service.worker;

import io.espalier.trainer.file.Sha256;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The classes of workers as Java loads them fastest (JEP 350): they halve the start of a worker.
 * The first one that ends in order writes them on its way out. There are none where the class path
 * has a directory, which Java refuses. Thread-safe.
 */
final class ClassArchive {
  private static final Logger LOG = LoggerFactory.getLogger(ClassArchive.class);
  private static final String PREFIX = "worker-";
  private static final String SUFFIX = ".jsa";
  private static final String PART = ".part";
  private static final int DIGITS = 16;

  private final Optional<Path> file;
  private final AtomicBoolean recording = new AtomicBoolean();

  /** One worker's use of the archive; {@code part} is where the worker writes it. */
  record Use(List<String> options, Optional<Path> part) {}

  private ClassArchive(Optional<Path> file) {
    this.file = file;
  }

  /** Opens the archive of a class path in a directory; deletes those of other class paths. */
  static ClassArchive in(Path directory, WorkerCommand command) {
    try {
      Optional<Path> file = fingerprint(command).map(print -> directory.resolve(name(print)));
      if (file.isPresent()) {
        Files.createDirectories(directory);
        deleteOthers(directory, file.get());
      }
      return new ClassArchive(file);
    } catch (IOException e) {
      LOG.debug("workers start without an archive of their classes", e);
      return new ClassArchive(Optional.empty());
    }
  }

  private static String name(String fingerprint) {
    return PREFIX + fingerprint + SUFFIX;
  }

  Use next() {
    if (file.isEmpty()) {
      return new Use(List.of(), Optional.empty());
    }
    if (Files.exists(file.get())) {
      return new Use(List.of("-XX:SharedArchiveFile=" + file.get()), Optional.empty());
    }
    if (!recording.compareAndSet(false, true)) {
      return new Use(List.of(), Optional.empty());
    }
    Path part = Path.of(file.get() + PART);
    return new Use(List.of("-XX:ArchiveClassesAtExit=" + part), Optional.of(part));
  }

  /** The worker of that use has ended; a later one writes what it has not. */
  void ended(Use use) {
    if (use.part().isEmpty()) {
      return;
    }
    try {
      if (Files.exists(use.part().get())) {
        Files.move(use.part().get(), file.orElseThrow(), StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      LOG.debug("the archive of classes could not be kept", e);
    } finally {
      recording.set(false);
    }
  }

  /** Empty if a directory is among the entries. */
  private static Optional<String> fingerprint(WorkerCommand command) throws IOException {
    List<String> facts = new ArrayList<>(command.options());
    facts.add(System.getProperty("java.vm.version"));
    facts.add(System.getProperty("java.home"));
    for (String entry : command.classPath().split(File.pathSeparator, -1)) {
      Path jar = Path.of(entry);
      if (!Files.isRegularFile(jar)) {
        return Optional.empty();
      }
      facts.add(
          "%s %d %s"
              .formatted(jar.toAbsolutePath(), Files.size(jar), Files.getLastModifiedTime(jar)));
    }
    return Optional.of(Sha256.ofText(String.join("\n", facts)).substring(0, DIGITS));
  }

  private static void deleteOthers(Path directory, Path kept) throws IOException {
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(directory, PREFIX + "*" + SUFFIX + "{," + PART + "}")) {
      for (Path each : all) {
        if (!each.equals(kept)) {
          Files.deleteIfExists(each);
        }
      }
    }
  }
}
