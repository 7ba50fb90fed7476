package io.espalier.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The directory of one bench: an Espalier home, temporary files, and a directory and a log for each
 * run. Removed in the end unless it is evidence. Thread-safe.
 */
public final class BenchDirectory {
  private final Path root;
  private volatile boolean kept;

  private BenchDirectory(Path root) {
    this.root = root;
  }

  /** A new directory below {@code parent}, which must exist. */
  public static BenchDirectory in(Path parent) throws IOException {
    Path root = Files.createTempDirectory(parent, "runs-").toAbsolutePath().normalize();
    Files.createDirectory(root.resolve("home"));
    Files.createDirectory(root.resolve("tmp"));
    return new BenchDirectory(root);
  }

  public Path root() {
    return root;
  }

  public Path home() {
    return root.resolve("home");
  }

  /** For what killed processes leave: native libraries that they had unpacked, and the like. */
  Path temporary() {
    return root.resolve("tmp");
  }

  /** Where a run of this name works. */
  public Path run(String name) {
    return root.resolve(name);
  }

  /** What the processes of a run printed. */
  public Path log(String name) {
    return root.resolve(name + ".log");
  }

  /** From now on nothing is removed. */
  public void keep() {
    kept = true;
  }

  /** Removes all unless it is kept; what cannot be removed stays. */
  public void remove() {
    if (kept) {
      return;
    }
    try (Stream<Path> tree = Files.walk(root)) {
      List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      // Only a file of a process that does not die in time; it harms nobody.
      return;
    }
  }
}
