package io.espalier.federation.trust;

import io.espalier.configs.file.LockFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** One change at a time to a directory, among the threads and processes of a machine. */
final class RegisterLock {
  private static final long RETRY_MS = 5;

  /** Within a process, as a second claim on a file would end the first where locks are POSIX's. */
  private static final ReentrantLock PROCESS = new ReentrantLock();

  /** What is done in a turn. */
  @FunctionalInterface
  public interface Change<T> {
    T make() throws IOException;
  }

  private RegisterLock() {}

  /** Waits for its turn, then makes the change; the directory must exist. Turns do not nest. */
  public static <T> T in(Path directory, Change<T> change) throws IOException {
    PROCESS.lock();
    try {
      LockFile claim = await(directory.resolve("authority.lock"));
      try {
        return change.make();
      } finally {
        claim.close();
      }
    } finally {
      PROCESS.unlock();
    }
  }

  private static LockFile await(Path file) throws IOException {
    Optional<LockFile> claim = LockFile.take(file);
    while (claim.isEmpty()) {
      pause();
      claim = LockFile.take(file);
    }
    return claim.get();
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
