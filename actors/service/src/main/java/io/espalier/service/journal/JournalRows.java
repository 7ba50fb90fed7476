package io.espalier.service.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** The rows of the journal's tables. */
final class JournalRows {
  private static final List<String> TABLES = List.of("event_journal", "snapshot");

  private JournalRows() {}

  /** Deletes all rows of a persistence id at once. */
  static void purge(Connection connection, String persistenceId) throws SQLException {
    connection.setAutoCommit(false);
    try {
      for (String table : TABLES) {
        delete(connection, table, persistenceId);
      }
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static void delete(Connection connection, String table, String persistenceId)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("DELETE FROM \"" + table + "\" WHERE \"persistence_id\" = ?")) {
      statement.setString(1, persistenceId);
      statement.executeUpdate();
    }
  }
}
