package io.espalier.service.node;

import io.espalier.configs.file.LockFile;
import io.espalier.configs.file.PrivateDirectory;
import io.espalier.service.ServiceStartException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The service's directory, locked by one process at a time. */
final class ServiceHome implements AutoCloseable {
  private static final String LOCK = "service.lock";
  private static final String HOLDER = "service.pid";
  private static final String ADDRESS = "address";

  private final LockFile lock;
  private final Path holder;

  private ServiceHome(LockFile lock, Path holder) {
    this.lock = lock;
    this.holder = holder;
  }

  /** Makes the directories and takes the lock, or throws if another process has it. */
  static ServiceHome open(ServiceSettings settings) {
    Path directory = settings.directory();
    try {
      PrivateDirectory.own(directory);
      prepareRuns(settings);
      for (Path data : settings.data()) {
        PrivateDirectory.create(data);
      }
      LockFile lock = LockFile.take(directory.resolve(LOCK)).orElseThrow(() -> held(directory));
      Path holder = directory.resolve(HOLDER);
      Files.writeString(holder, ProcessHandle.current().pid() + "\n");
      return new ServiceHome(lock, holder);
    } catch (IOException e) {
      throw new ServiceStartException(
          "the service's directory must be writable: directory=%s, cause=%s"
              .formatted(directory, e),
          e);
    }
  }

  /** A directory that a cluster shares is never made: it would be this node's alone. */
  private static void prepareRuns(ServiceSettings settings) throws IOException {
    if (!settings.clustered()) {
      PrivateDirectory.own(settings.runs());
    } else if (!Files.isDirectory(settings.runs())) {
      throw new ServiceStartException(
          "the directory of runs must be there on each node of a cluster: runs=%s; mount it, or make it on the disk that all nodes share"
              .formatted(settings.runs()));
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(holder);
    } catch (IOException e) {
      // The next holder writes its own.
      return;
    } finally {
      lock.close();
    }
  }

  private static ServiceStartException held(Path directory) {
    return new ServiceStartException(
        "a home has one service at a time: directory=%s is that of process %s%s; stop that one, or use another home"
            .formatted(
                directory,
                line(directory.resolve(HOLDER)).orElse("unknown"),
                line(directory.resolve(ADDRESS)).map(at -> " at " + at).orElse("")));
  }

  private static Optional<String> line(Path file) {
    try {
      return Optional.of(Files.readString(file, StandardCharsets.UTF_8).strip())
          .filter(text -> !text.isEmpty());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
