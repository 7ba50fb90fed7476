package io.espalier.training.transport;

import io.espalier.configs.file.PrivateDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.agrona.IoUtil;

/**
 * Directories of media drivers, each in one with the id of its process, which no other user may
 * enter. A process that ends while drivers run, as by a signal, removes theirs; those of killed
 * ones are removed by the next process.
 */
final class AeronDirectories {
  private static final String PREFIX = "espalier-aeron-";
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");
  private static final Set<Path> MADE = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(AeronDirectories::removeOwn, "aeron-cleanup"));
  }

  private AeronDirectories() {}

  /** An unused directory; those of dead processes are removed first. */
  public static Path fresh() {
    Path parent =
        Files.isWritable(SHARED_MEMORY)
            ? SHARED_MEMORY
            : Path.of(System.getProperty("java.io.tmpdir"));
    removeOrphans(parent);
    String process = Long.toString(ProcessHandle.current().pid());
    Path holder = parent.resolve(PREFIX + process + "-" + UUID.randomUUID());
    try {
      PrivateDirectory.createNew(holder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    MADE.add(holder);
    // The driver makes its own with the modes of the umask.
    return holder.resolve("driver");
  }

  /** Removes what a driver that has ended left of its directory. */
  static void remove(Path directory) {
    Path holder = Objects.requireNonNull(directory.getParent());
    IoUtil.delete(holder.toFile(), true);
    MADE.remove(holder);
  }

  private static void removeOwn() {
    MADE.forEach(directory -> IoUtil.delete(directory.toFile(), true));
  }

  private static void removeOrphans(Path parent) {
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path directory : directories) {
        String process =
            directory.getFileName().toString().substring(PREFIX.length()).split("-", 2)[0];
        boolean ours = process.chars().allMatch(Character::isDigit) && process.length() < 10;
        if (ours && ProcessHandle.of(Long.parseLong(process)).isEmpty()) {
          IoUtil.delete(directory.toFile(), true);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
