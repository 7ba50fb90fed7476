package io.espalier.service.journal;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** A journal in PostgreSQL. */
final class SharedJournal implements Journal {
  private final Journal.Shared settings;

  private SharedJournal(Journal.Shared settings) {
    this.settings = settings;
  }

  static SharedJournal open(Journal.Shared settings) {
    JournalDatabase.migrate(
        "postgresql",
        settings.url(),
        settings.user(),
        settings.password(),
        settings.url() + " user=" + settings.user());
    return new SharedJournal(settings);
  }

  @Override
  public Config config() {
    return JournalDatabase.settings(
        "slick.jdbc.PostgresProfile$",
        "org.postgresql.Driver",
        settings.url(),
        settings.user(),
        settings.password());
  }

  @Override
  public Optional<String> clusterId() throws SQLException {
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement("SELECT id FROM cluster_id");
        ResultSet rows = statement.executeQuery()) {
      return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
    }
  }

  @Override
  public void setClusterId(String clusterId) throws SQLException {
    try (Connection connection = connect();
        PreparedStatement statement =
            connection.prepareStatement(
                "INSERT INTO cluster_id (id) VALUES (?) ON CONFLICT DO NOTHING")) {
      statement.setString(1, clusterId);
      statement.executeUpdate();
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(settings.url(), settings.user(), settings.password());
  }

  @Override
  public void purge(String persistenceId) throws SQLException {
    try (Connection connection = connect()) {
      JournalDatabase.purge(connection, persistenceId);
    }
  }

  @Override
  public boolean backUp(Path zip) {
    return false;
  }

  /** The database has its own housekeeping. */
  @Override
  public void tidy() {}

  @Override
  public void close() {}
}
