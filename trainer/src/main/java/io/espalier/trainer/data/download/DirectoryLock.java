package io.espalier.trainer.data.download;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The right to write into a directory, among the threads and processes of a machine. */
final class DirectoryLock implements AutoCloseable {
  private static final long RETRY_MS = 100;

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Makes the directory if need be, and waits until nobody else has the right. */
  static DirectoryLock acquire(Path directory, DownloadListener listener) throws IOException {
    Files.createDirectories(directory);
    FileChannel channel =
        FileChannel.open(
            directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean acquired = false;
    try {
      if (!tryLock(channel)) {
        listener.waiting(directory);
        do {
          pause();
        } while (!tryLock(channel));
      }
      acquired = true;
      return new DirectoryLock(channel);
    } finally {
      if (!acquired) {
        channel.close();
      }
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(RETRY_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for another download");
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
