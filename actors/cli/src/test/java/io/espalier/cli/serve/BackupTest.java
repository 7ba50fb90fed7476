package io.espalier.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.cli.Espalier;
import io.espalier.service.LifecycleEntry;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.training.run.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real services in processes of their own, and a real run. */
@Tag("slow")
final class BackupTest {
  private static final String[] LONG = {
    "train.epochs=400", "train.trainers=1", "train.checkpoint-every=20"
  };

  @TempDir private Path directory;

  @Test
  void service_backedUpWhileItsRunTrains_goesOnFromTheCopy_toTheBitsOfAnUndisturbedRun()
      throws Exception {
    // Given
    Path home = Files.createDirectory(directory.resolve("home"));
    Path copy = directory.resolve("copy");
    Path table = Files.writeString(directory.resolve("table.csv"), "x,y\n1,2\n");
    String run;
    long atBackup;
    try (ServiceProcess service = ServiceProcess.start(home, "--trainers", "2")) {
      service.client.upload("table.csv", table);
      run = service.submit("digits", "key-1", LONG);
      service.await(run, status -> status.reached().checkpointStep().isPresent());

      // When
      assertThat(backup(home, copy)).isZero();
      RunStatus then = service.client.status(run).value();
      atBackup = then.reached().step();
      assertThat(then.state()).as("the run trains on").isEqualTo(RunState.RUNNING);
      service.kill();
    }
    Path stopped = directory.resolve("stopped");
    assertThat(backup(home, stopped)).as("of a service that does not run").isZero();

    // Then
    String undisturbed;
    try (ServiceProcess service = ServiceProcess.start(copy, "--trainers", "2")) {
      RunStatus completed = service.await(run, each -> each.state() == RunState.FINISHED);
      assertThat(completed.attempt().term()).isEqualTo(2);
      assertThat(service.client.history(run).value())
          .filteredOn(entry -> entry.event().equals("ready"))
          .last()
          .extracting(LifecycleEntry::detail)
          .satisfies(detail -> assertThat(step(detail)).isPositive().isLessThanOrEqualTo(atBackup));
      assertThat(service.client.dataSets().value())
          .singleElement()
          .satisfies(data -> assertThat(data.name()).isEqualTo("table.csv"));
      undisturbed = service.submit("digits", "key-2", LONG);
      service.await(undisturbed, each -> each.state() == RunState.FINISHED);
      assertThat(bits(service, run)).isEqualTo(bits(service, undisturbed));
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
        .isEqualTo("rwx------");
    try (ServiceProcess service = ServiceProcess.start(stopped, "--trainers", "2")) {
      service.await(run, each -> each.attempt().term() == 2 && each.reached().step() >= atBackup);
    }
  }

  @Test
  void backup_intoADirectoryWithFiles_isRefused() throws Exception {
    Path home = directory.resolve("home");
    Files.createDirectories(home.resolve("service"));
    Path taken = Files.createDirectory(directory.resolve("taken"));
    Files.createFile(taken.resolve("file"));

    assertThat(backup(home, taken)).isEqualTo(2);
    assertThat(taken).isDirectoryContaining("glob:**file");
    assertThat(directory.resolve("taken.part")).doesNotExist();
  }

  @Test
  void backup_intoTheHomeThatItCopies_isRefused_alsoByALink() throws Exception {
    Path home = directory.resolve("home");
    Files.createDirectories(home.resolve("service/runs"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), home);

    for (String to : List.of("copy", "service/copy", "service/runs/copy")) {
      for (Path within : List.of(home, link)) {
        assertThat(backup(home, within.resolve(to))).isEqualTo(2);
        assertThat(Files.readString(directory.resolve("backup.log")))
            .contains("must not be written into what it copies");
        assertThat(home.resolve(to)).doesNotExist();
      }
    }
  }

  private int backup(Path home, Path to) throws IOException, InterruptedException {
    try (ChildJvm command =
        ChildJvm.start(
            Espalier.class,
            List.of("serve", "backup", "--to", to.toString()),
            home,
            directory.resolve("backup.log"))) {
      int exitCode = command.await();
      assertThat(command.printed()).contains("backup");
      return exitCode;
    }
  }

  private static long step(String detail) {
    return Long.parseLong(detail.replaceAll(".*step=(\\d+) .*", "$1"));
  }

  private static String bits(ServiceProcess service, String run) throws IOException {
    Path of = service.directory(run);
    return new ObjectMapper().readTree(of.resolve("summary.json").toFile()).path("digest").asText()
        + Arrays.hashCode(Files.readAllBytes(of.resolve("masks.safetensors")));
  }
}
