package io.espalier.configs.file;

import io.espalier.configs.fault.CrashPoint;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a file so that its name holds either the old content or the whole new one, whenever the
 * process or the machine stops. Thread-safe as long as no two threads write one path.
 */
public final class AtomicFile {
  @FunctionalInterface
  public interface Content {
    /** Writes all bytes to a buffered stream without closing it. */
    void writeTo(OutputStream out) throws IOException;
  }

  private AtomicFile() {}

  /** Writes beside {@code path}, forces the bytes to disk, then renames. */
  public static void write(Path path, Content content) throws IOException {
    Path target = path.toAbsolutePath();
    Path beside = target.resolveSibling(partOf(target.getFileName().toString()));
    try {
      writeForced(beside, content);
      CrashPoint.FILE_WRITTEN.pass();
      Files.move(
          beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
    forceDirectory(target.resolveSibling("."));
  }

  /** Renames a file whose bytes are on disk, in place of an older one. */
  public static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    forceDirectory(to.resolveSibling("."));
  }

  /** The partial file that an interrupted write of {@code name} leaves behind. */
  public static String partOf(String name) {
    return name + ".part";
  }

  private static void writeForced(Path file, Content content) throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
      content.writeTo(out);
      out.flush();
      channel.force(true);
    }
  }

  /**
   * Forces a directory's entries to disk, as a rename may otherwise be lost when the machine stops.
   */
  public static void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
