package io.espalier.service.node;

import io.espalier.service.ServiceStartException;
import io.espalier.configs.file.LockFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The service's directory, which one process at a time works in. */
final class ServiceHome implements AutoCloseable {
  private static final String LOCK = "service.lock";
  private static final String HOLDER = "service.pid";
  private static final String ADDRESS = "address";

  private final LockFile claim;
  private final Path holder;

  private ServiceHome(LockFile claim, Path holder) {
    this.claim = claim;
    this.holder = holder;
  }

  /**
   * Makes the directories and takes the lock.
   *
   * @throws ServiceStartException if another process has it
   */
  static ServiceHome claim(ServiceSettings settings) {
    Path directory = settings.directory();
    try {
      prepareRuns(settings);
      for (Path data : settings.data()) {
        Files.createDirectories(data);
      }
      LockFile claim = LockFile.take(directory.resolve(LOCK)).orElseThrow(() -> held(directory));
      Path holder = directory.resolve(HOLDER);
      Files.writeString(holder, ProcessHandle.current().pid() + "\n");
      return new ServiceHome(claim, holder);
    } catch (IOException e) {
      throw new ServiceStartException(
          "the service's directory must be writable: directory=%s, cause=%s"
              .formatted(directory, e),
          e);
    }
  }

  /** What a cluster shares is mounted, never made: made, it would be this node's alone. */
  private static void prepareRuns(ServiceSettings settings) throws IOException {
    if (!settings.clustered()) {
      Files.createDirectories(settings.runs());
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
      claim.close();
      return;
    }
    claim.close();
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
