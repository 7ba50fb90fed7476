package io.espalier.service.journal;

import com.typesafe.config.Config;
import java.sql.SQLException;
import java.util.Optional;

/** The database of a node's events, open and of this version's schema. Thread-safe. */
public sealed interface Journal extends AutoCloseable permits EmbeddedJournal, SharedJournal {
  /**
   * Opens the database and brings its schema up to date.
   *
   * @throws JournalException if that fails, or a newer version has written it
   */
  static Journal open(JournalSettings settings) {
    return settings instanceof JournalSettings.Embedded embedded
        ? EmbeddedJournal.open(embedded.directory())
        : SharedJournal.open((JournalSettings.Shared) settings);
  }

  /** What an actor system needs to persist there. */
  Config config();

  /** The id of the cluster that the database is of; empty before there is one. Blocks. */
  Optional<String> clusterId() throws SQLException;

  /** Gives the database the id of its cluster, unless it has one. Blocks. */
  void claim(String clusterId) throws SQLException;

  /** Deletes all rows of a persistence id, whose actor must have ended. Blocks. */
  void purge(String persistenceId) throws SQLException;

  /** Gives back space that nothing needs; to be called now and then. Blocks. */
  void tidy() throws SQLException;

  @Override
  void close();
}
