package io.espalier.cli.serve;

import io.espalier.cli.console.OutputPath;
import io.espalier.cli.runs.ServerOptions;
import io.espalier.configs.file.EspalierHome;
import io.espalier.configs.file.LockFile;
import io.espalier.console.CommandRefusedException;
import io.espalier.service.backup.ServiceBackup;
import io.espalier.service.client.ServiceClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "backup",
    description = {
      "Copies all that this home's service needs to go on, while it runs or not.",
      "",
      "The copy has journal, runs, tokens, keys, uploaded data and the federation's authority. It"
          + " is an Espalier home: 'espalier serve' with ESPALIER_HOME=DIR, or with a copy of it,"
          + " resumes every run from the newest checkpoint in there. Needs a token of the role"
          + " manage while the service runs. It holds secrets: keep it as you keep the home."
    },
    sortOptions = false)
final class BackupCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      required = true,
      description = "New directory for the copy; it has the ending .part until it is complete.")
  private Path to = Path.of("");

  @Option(
      names = "--no-data",
      negatable = true,
      description = "Copy service/data of the home too (default: yes); other --data never is.")
  private boolean data = true;

  @Option(
      names = "--runs",
      paramLabel = "DIR",
      description =
          "Of a cluster, whose journal is in PostgreSQL: the directory of its runs. Dump the"
              + " database with pg_dump first; the copy has no journal.")
  private Optional<Path> runs = Optional.empty();

  @Mixin private ServerOptions server;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path home = EspalierHome.path();
    Path service = ServeSettings.directoryIn(home);
    if (!Files.isDirectory(service)) {
      throw new CommandRefusedException(
          "a home must have a service to be backed up: home=%s; set ESPALIER_HOME to that of the service"
              .formatted(home));
    }
    Path target = OutputPath.directory(to, "--to").toAbsolutePath().normalize();
    requireOutside(home, target);
    ServiceBackup backup = new ServiceBackup(home, runs.orElse(service.resolve("runs")), data);
    ServiceBackup.Copied copied = copied(backup, service, target);
    spec.commandLine()
        .getOut()
        .printf(
            "backup     %s%nruns       %,d, %,d bytes%n", target, copied.runs(), copied.bytes());
    spec.commandLine().getOut().flush();
    return ExitCode.OK;
  }

  /** A copy in the home would be copied by the next, and lost with the home. */
  private void requireOutside(Path home, Path target) throws IOException {
    List<Path> copied = new ArrayList<>(List.of(home));
    runs.ifPresent(copied::add);
    for (Path each : copied) {
      if (real(target).startsWith(real(each))) {
        throw new CommandRefusedException(
            "a backup must not be written into what it copies: --to=%s, directory=%s; choose another --to"
                .formatted(to, each));
      }
    }
  }

  /** Without links, also where the end of the path does not exist yet. */
  private static Path real(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    Path present = absolute;
    while (!Files.exists(present) && present.getParent() != null) {
      present = present.getParent();
    }
    return present.toRealPath().resolve(present.relativize(absolute)).normalize();
  }

  private ServiceBackup.Copied copied(ServiceBackup backup, Path service, Path target)
      throws IOException, InterruptedException {
    try {
      return copy(backup, service, target);
    } catch (FileAlreadyExistsException e) {
      throw new CommandRefusedException(
          "a backup must have a directory of its own: file=%s is there; choose another --to"
              .formatted(e.getFile()));
    }
  }

  private ServiceBackup.Copied copy(ServiceBackup backup, Path service, Path target)
      throws IOException, InterruptedException {
    if (runs.isPresent()) {
      return backup.write(target, directory -> {});
    }
    Optional<LockFile> lock = LockFile.take(service.resolve("service.lock"));
    if (lock.isEmpty()) {
      ServiceClient client = server.client();
      return backup.write(target, directory -> unpack(client, directory));
    }
    try {
      return backup.write(target, directory -> copyFiles(service.resolve("journal"), directory));
    } finally {
      lock.get().close();
    }
  }

  private static void unpack(ServiceClient client, Path directory)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Path zip = directory.resolve("journal.zip");
    client.backUpJournal(zip);
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        Path name = Path.of(entry.getName()).getFileName();
        Files.copy(in, directory.resolve(name.toString()));
      }
    }
    Files.delete(zip);
  }

  private static void copyFiles(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.newDirectoryStream(from)) {
      for (Path file : files) {
        try (InputStream in = Files.newInputStream(file)) {
          Files.copy(in, to.resolve(file.getFileName()));
        }
      }
    }
  }
}
