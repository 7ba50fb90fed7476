package io.espalier.trainer.data.source;

import io.espalier.configs.file.LockFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Waits for the lock of what several runs may store at once. */
final class DirectoryLock {
  private static final Duration RETRY = Duration.ofMillis(100);

  private DirectoryLock() {}

  /** Takes a file's lock; calls {@code waiting} once if another holder must release it first. */
  static LockFile await(Path file, Runnable waiting) throws IOException {
    Optional<LockFile> lock = LockFile.take(file);
    if (lock.isEmpty()) {
      waiting.run();
    }
    while (lock.isEmpty()) {
      try {
        Thread.sleep(RETRY.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while waiting for another run: lock=" + file);
      }
      lock = LockFile.take(file);
    }
    return lock.get();
  }
}
