package io.espalier.service.worker;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the workers of a run print, in {@code worker.log} of its directory: at most 512 KiB, and as
 * much before it in {@code worker.log.1}. A line that cannot be written is left out. Thread-safe.
 */
final class WorkerLog implements AutoCloseable {
  static final String FILE_NAME = "worker.log";
  static final int MOST_BYTES = 512 << 10;
  private static final int MOST_LINES = 20;
  private static final Logger LOG = LoggerFactory.getLogger(WorkerLog.class);

  private final Path file;
  private final Deque<String> last = new ArrayDeque<>();
  private OutputStream out = OutputStream.nullOutputStream();
  private boolean open;
  private long bytes;

  WorkerLog(Path directory) {
    this.file = directory.resolve(FILE_NAME);
  }

  synchronized void add(String line) {
    last.addLast(line);
    if (last.size() > MOST_LINES) {
      last.removeFirst();
    }
    try {
      write((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      LOG.debug("a line of {} could not be written", FILE_NAME, e);
    }
  }

  /** The last lines, oldest first. */
  synchronized List<String> last() {
    return List.copyOf(last);
  }

  private void write(byte[] line) throws IOException {
    if (!open) {
      open();
    }
    if (bytes + line.length > MOST_BYTES) {
      out.close();
      Files.move(file, file.resolveSibling(FILE_NAME + ".1"), StandardCopyOption.REPLACE_EXISTING);
      open();
    }
    out.write(line);
    bytes += line.length;
  }

  private void open() throws IOException {
    out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    bytes = Files.size(file);
    open = true;
  }

  @Override
  public synchronized void close() {
    try {
      out.close();
    } catch (IOException e) {
      LOG.debug("{} could not be closed", FILE_NAME, e);
    }
  }
}
