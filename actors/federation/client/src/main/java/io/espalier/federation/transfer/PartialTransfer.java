package io.espalier.federation.transfer;

import io.espalier.configs.file.AtomicFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A file that arrives in chunks and continues where it was when a connection or the process ended.
 * A label beside it names the content: another label starts anew. Appended bytes survive the
 * process; only {@link #force} makes them survive the machine, so that the whole must be checked
 * against a digest. Not thread-safe.
 */
public final class PartialTransfer implements Closeable {
  public static final int LABEL_BYTES = 8 * 1024;

  private final Path path;
  private final Path labelPath;
  private final FileChannel file;
  private long length;

  private PartialTransfer(Path path, Path labelPath, FileChannel file) throws IOException {
    this.path = path;
    this.labelPath = labelPath;
    this.file = file;
    this.length = file.size();
  }

  /** Opens the part that arrived under a label, or none; discards one above {@code most} bytes. */
  public static PartialTransfer open(Path path, byte[] label, long most) throws IOException {
    Path labelPath = labelOf(path);
    boolean goesOn = Files.exists(path) && Files.size(path) <= most && isLabel(labelPath, label);
    if (!goesOn) {
      Files.deleteIfExists(path);
      AtomicFile.write(labelPath, out -> out.write(label));
    }
    return new PartialTransfer(
        path,
        labelPath,
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
  }

  public Path path() {
    return path;
  }

  public long length() {
    return length;
  }

  public void append(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      length += file.write(bytes, length);
    }
  }

  public void force() throws IOException {
    file.force(true);
  }

  /** Closes and deletes part and label. */
  public void discard() throws IOException {
    close();
    Files.deleteIfExists(path);
    Files.deleteIfExists(labelPath);
  }

  /** Closes; the part stays. */
  @Override
  public void close() throws IOException {
    file.close();
  }

  private static Path labelOf(Path path) {
    return path.resolveSibling(path.getFileName() + ".label");
  }

  private static boolean isLabel(Path labelPath, byte[] label) throws IOException {
    return Files.exists(labelPath)
        && Files.size(labelPath) <= LABEL_BYTES
        && Arrays.equals(Files.readAllBytes(labelPath), label);
  }
}
