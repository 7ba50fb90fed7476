package io.espalier.federation.trust;

import io.espalier.configs.file.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Files and directories that only their owner may read: modes 0600 and 0700. Thread-safe as long as
 * no two threads write one file.
 */
public final class OwnerOnlyFiles {
  private static final long MOST_BYTES = 64L << 20;
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> DIRECTORY =
      PosixFilePermissions.fromString("rwx------");

  private OwnerOnlyFiles() {}

  /**
   * Creates a directory and its parents, or closes an empty one to others. Throws {@link
   * TrustException} if it holds files and is open to others.
   */
  public static void makeDirectory(Path directory) throws IOException {
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    if (!Files.exists(directory)) {
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(DIRECTORY));
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory);
    if (!Files.isDirectory(directory)
        || (!DIRECTORY.containsAll(permissions) && !isEmpty(directory))) {
      throw new TrustException(
          "a place for secrets must be a directory of its owner's alone: directory=%s, mode=%s; choose a new one, or run chmod 700 on it"
              .formatted(directory, PosixFilePermissions.toString(permissions)));
    }
    Files.setPosixFilePermissions(directory, DIRECTORY);
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.findAny().isEmpty();
    }
  }

  /** Replaces a file durably and as a whole. */
  public static void write(Path file, String text) throws IOException {
    Path beside = file.resolveSibling(AtomicFile.partOf(String.valueOf(file.getFileName())));
    Files.deleteIfExists(beside);
    Files.createFile(beside, PosixFilePermissions.asFileAttribute(FILE));
    AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Reads a file; throws {@link TrustException} if others may read or write it. */
  public static String read(Path file) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (!FILE.containsAll(permissions)) {
      throw new TrustException(
          "a file with secrets must be its owner's alone: file=%s, mode=%s; run chmod 600 on it, and make it anew if others may have read it"
              .formatted(file, PosixFilePermissions.toString(permissions)));
    }
    if (Files.size(file) > MOST_BYTES) {
      throw new TrustException(
          "a file of the federation's trust must have at most %d bytes: file=%s, bytes=%d; restore it from a backup"
              .formatted(MOST_BYTES, file, Files.size(file)));
    }
    return Files.readString(file);
  }
}
