package io.espalier.federation.trust;

import io.espalier.configs.file.LockFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Serialises the changes of a directory among the threads and processes of a machine. */
final class RegisterLock {
  private static final long RETRY_MS = 5;

  /** Within a process: closing a second channel to a file would release the first's POSIX lock. */
  private static final ReentrantLock PROCESS = new ReentrantLock();

  @FunctionalInterface
  public interface Change<T> {
    T make() throws IOException;
  }

  private RegisterLock() {}

  /** Waits for the lock of an existing directory, then makes the change. Does not nest. */
  public static <T> T in(Path directory, Change<T> change) throws IOException {
    PROCESS.lock();
    try {
      LockFile lock = await(directory.resolve("authority.lock"));
      try {
        return change.make();
      } finally {
        lock.close();
      }
    } finally {
      PROCESS.unlock();
    }
  }

  private static LockFile await(Path file) throws IOException {
    Optional<LockFile> lock = LockFile.take(file);
    while (lock.isEmpty()) {
      pause();
      lock = LockFile.take(file);
    }
    return lock.get();
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(RETRY_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for another process");
    }
  }
}
