package io.espalier.service.journal;

import io.espalier.service.ServiceStartException;
import com.typesafe.config.Config;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;

/** The database of a node's events, open and of this version's schema. Thread-safe. */
public sealed interface Journal extends AutoCloseable permits EmbeddedJournal, SharedJournal {
  /** Which database has the journal. */
  sealed interface Settings {}

  /** A file below {@code directory}, for one process at a time. */
  record Embedded(Path directory) implements Settings {}

  /**
   * A PostgreSQL database, which several nodes may share.
   *
   * @param url such as {@code jdbc:postgresql://host:5432/espalier}
   */
  record Shared(String url, String user, String password) implements Settings {
    @Override
    public String toString() {
      return "Shared[url=" + url + ", user=" + user + "]";
    }
  }

  /**
   * Opens the database and brings its schema up to date.
   *
   * @throws ServiceStartException if that fails, or a newer version has written it
   */
  static Journal open(Settings settings) {
    return settings instanceof Journal.Embedded embedded
        ? EmbeddedJournal.open(embedded.directory())
        : SharedJournal.open((Journal.Shared) settings);
  }

  /** Settings of an actor system that persists there. */
  Config config();

  /** The id of the cluster that the database is of; empty before there is one. Blocks. */
  Optional<String> clusterId() throws SQLException;

  /** Gives the database the id of its cluster, unless it has one. Blocks. */
  void claim(String clusterId) throws SQLException;

  /** Deletes all rows of a persistence id, whose actor must have ended. Blocks. */
  void purge(String persistenceId) throws SQLException;

  /** Returns unused space; called periodically. Blocks. */
  void tidy() throws SQLException;

  @Override
  void close();
}
