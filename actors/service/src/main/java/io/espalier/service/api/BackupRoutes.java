package io.espalier.service.api;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import akka.stream.javadsl.FileIO;
import io.espalier.configs.file.PrivateDirectory;
import io.espalier.service.http.Endpoint;
import io.espalier.service.http.HttpCall;
import io.espalier.service.http.ProblemException;
import io.espalier.service.http.ProblemKind;
import io.espalier.service.http.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Serves a copy of the journal: the service keeps its file locked, so a backup must ask for it. */
final class BackupRoutes extends AllDirectives {
  private static final String PREFIX = "journal-backup-";

  private final Path directory;
  private final JournalBackup journal;
  private final Executor threads;

  /** {@code threads} read files; copies are made in {@code directory}. */
  BackupRoutes(Path directory, JournalBackup journal, Executor threads) throws IOException {
    this.directory = PrivateDirectory.create(directory);
    this.journal = journal;
    this.threads = threads;
    deleteLeft();
  }

  /** Copies whose clients have gone, or whose process ended. */
  private void deleteLeft() throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, PREFIX + "*")) {
      for (Path each : left) {
        Files.deleteIfExists(each);
      }
    }
  }

  Endpoint endpoint() {
    return Endpoint.get(
        "/v1/backup/journal",
        Optional.of(Role.MANAGE),
        List.of(),
        List.of(MediaTypes.APPLICATION_ZIP),
        this::backup);
  }

  private Route backup(HttpCall call) {
    return call.onSuccess(
        CompletableFuture.supplyAsync(this::copied, threads), response -> complete(response));
  }

  /** One copy at a time: an earlier one that is still read keeps its bytes, not its name. */
  private synchronized HttpResponse copied() {
    try {
      deleteLeft();
      Path zip = Files.createTempFile(directory, PREFIX, ".zip");
      if (!journal.writeTo(zip)) {
        Files.delete(zip);
        throw new ProblemException(
            ProblemKind.NO_SUCH_RESOURCE,
            "a journal must be in a file to be backed up here: this one is in PostgreSQL; dump it with pg_dump");
      }
      return HttpResponse.create()
          .withEntity(
              HttpEntities.create(
                  ContentTypes.create(MediaTypes.APPLICATION_ZIP),
                  Files.size(zip),
                  FileIO.fromPath(zip)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
