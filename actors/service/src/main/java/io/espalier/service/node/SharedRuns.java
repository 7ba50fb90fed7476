package io.espalier.service.node;

import io.espalier.service.ServiceStartException;
import io.espalier.service.journal.Journal;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/**
 * The directory that a cluster's nodes share. A file there has the cluster's id, and so has the
 * journal: a directory where nothing is mounted is refused before any run starts.
 */
final class SharedRuns {
  static final String ID = ".espalier-cluster";

  private SharedRuns() {}

  /** Throws if the directory is not that of the journal's cluster; a new journal takes any. */
  static void require(Path runs, Journal journal) {
    try {
      Optional<String> known = journal.clusterId();
      if (known.isEmpty()) {
        journal.setClusterId(idOrNew(runs));
        known = journal.clusterId();
      }
      String found = id(runs).orElse("none");
      if (!found.equals(known.orElse(""))) {
        throw new ServiceStartException(
            "the directory of runs must be that of the journal's cluster: runs=%s, id in %s=%s, id in the journal=%s; mount the cluster's directory there"
                .formatted(runs, ID, found, known.orElse("none")));
      }
    } catch (IOException | SQLException e) {
      throw new ServiceStartException(
          "the directory of runs must be writable, and the journal reachable: runs=%s, cause=%s"
              .formatted(runs, e),
          e);
    }
  }

  /** If several nodes start at once, one creates the file atomically. */
  private static String idOrNew(Path runs) throws IOException {
    Path fresh = Files.createTempFile(runs, ID, ".new");
    try {
      Files.writeString(fresh, UUID.randomUUID().toString());
      Files.createLink(runs.resolve(ID), fresh);
    } catch (FileAlreadyExistsException e) {
      return id(runs).orElseThrow(() -> e);
    } finally {
      Files.delete(fresh);
    }
    return id(runs).orElseThrow(() -> new NoSuchFileException(runs.resolve(ID).toString()));
  }

  private static Optional<String> id(Path runs) throws IOException {
    try {
      return Optional.of(Files.readString(runs.resolve(ID)).strip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
