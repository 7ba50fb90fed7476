package io.espalier.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.service.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
@Tag("slow")
class PrivateFilesTest {
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rwx------");
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  @TempDir private Path home;

  @Test
  void files_ofAServiceAndItsRun_areReachedByTheirOwnerAlone() throws Exception {
    // Given
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createDirectory(home.resolve("service"));
    Files.setPosixFilePermissions(
        home.resolve("service"), PosixFilePermissions.fromString("rwxr-xr-x"));
    List<Path> open = new ArrayList<>();

    // When
    try (ServiceProcess service = ServiceProcess.start(home, "--no-isolate")) {
      String run = service.submit("digits", "k", "train.epochs=30");
      service.await(run, status -> status.state() == RunState.RUNNING);
      String drivers = "espalier-aeron-" + service.process.pid() + "-";
      boolean hadDriver = false;
      while (service.client.status(run).value().state() == RunState.RUNNING) {
        for (Path driver : list(SHARED_MEMORY)) {
          if (driver.getFileName().toString().startsWith(drivers)) {
            hadDriver = true;
            open.addAll(reachable(driver));
          }
        }
        Thread.sleep(50);
      }
      service.await(run, status -> status.state() == RunState.FINISHED);

      // Then
      assertThat(hadDriver).isTrue();
      assertThat(service.directory(run).resolve("summary.json")).isRegularFile();
    }
    for (String name : List.of("service", "kafka", "known-runs", "outboxes")) {
      assertThat(home.resolve(name)).isDirectory();
      open.addAll(reachable(home.resolve(name)));
    }
    assertThat(open).isEmpty();
  }

  /** The path itself if other users may enter or read it. */
  private static List<Path> reachable(Path path) throws IOException {
    try {
      return OWNER.containsAll(Files.getPosixFilePermissions(path)) ? List.of() : List.of(path);
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private static List<Path> list(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
