package io.espalier.actors.recorded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** What version 0.1 left on the disk, as tests read it. */
public final class RecordedFiles {
  private RecordedFiles() {}

  /**
   * The directory of a service: its journal, with snapshots, and the directory of the paused run.
   */
  public static void service(Path target) throws IOException {
    unpack("service.zip", target);
  }

  /** The directories of two runs of {@code train}, {@code completed} and {@code stopped}. */
  public static void runs(Path target) throws IOException {
    unpack("runs.zip", target);
  }

  /** Opens a recorded file. */
  public static InputStream open(String name) {
    return Objects.requireNonNull(
        RecordedFiles.class.getResourceAsStream("/recorded-0.1/" + name), name);
  }

  private static void unpack(String name, Path target) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(open(name))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = target.resolve(entry.getName());
        Files.createDirectories(file.getParent());
        Files.copy(zip, file);
      }
    }
  }
}
