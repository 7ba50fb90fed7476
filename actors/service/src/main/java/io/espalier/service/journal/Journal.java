package io.espalier.service.journal;

import com.typesafe.config.Config;
import io.espalier.service.ServiceStartException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;

/** The database of a node's events, open and of this version's schema. Thread-safe. */
public sealed interface Journal extends AutoCloseable permits EmbeddedJournal, SharedJournal {
  sealed interface Settings {}

  /** A file below {@code directory}, for one process at a time. */
  record Embedded(Path directory) implements Settings {}

  /**
   * A PostgreSQL database, such as {@code jdbc:postgresql://host:5432/espalier}, for several nodes.
   */
  record Shared(String url, String user, String password) implements Settings {
    @Override
    public String toString() {
      return "Shared[url=" + url + ", user=" + user + "]";
    }
  }

  /**
   * Opens the database and migrates its schema.
   *
   * @throws ServiceStartException if that fails, or a newer version has written it
   */
  static Journal open(Settings settings) {
    return settings instanceof Journal.Embedded embedded
        ? EmbeddedJournal.open(embedded.directory())
        : SharedJournal.open((Journal.Shared) settings);
  }

  /** The settings of an actor system with this journal. */
  Config config();

  /** The id of the database's cluster; empty before it is set. Blocks. */
  Optional<String> clusterId() throws SQLException;

  /** Sets the id of the cluster, unless it is set. Blocks. */
  void setClusterId(String clusterId) throws SQLException;

  /** Deletes all rows of a persistence id, whose actor must have ended. Blocks. */
  void purge(String persistenceId) throws SQLException;

  /**
   * Writes a ZIP archive of its files as of now, while others write; returns false if it has none
   * of its own. Blocks.
   */
  boolean backUp(Path zip) throws SQLException;

  /** Returns unused space; called periodically. Blocks. */
  void tidy() throws SQLException;

  @Override
  void close();
}
