package io.espalier.actors.service.journal;

import com.typesafe.config.Config;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** A journal in PostgreSQL. */
final class SharedJournal implements Journal {
  private final JournalSettings.Shared settings;

  private SharedJournal(JournalSettings.Shared settings) {
    this.settings = settings;
  }

  static SharedJournal open(JournalSettings.Shared settings) {
    Migrations.run(
        "postgresql",
        settings.url(),
        settings.user(),
        settings.password(),
        settings.url() + " user=" + settings.user());
    return new SharedJournal(settings);
  }

  @Override
  public Config config() {
    return Plugins.of(
        "slick.jdbc.PostgresProfile$",
        "org.postgresql.Driver",
        settings.url(),
        settings.user(),
        settings.password());
  }

  @Override
  public void purge(String persistenceId) throws SQLException {
    try (Connection connection =
        DriverManager.getConnection(settings.url(), settings.user(), settings.password())) {
      Rows.purge(connection, persistenceId);
    }
  }

  /** The database has its own housekeeping. */
  @Override
  public void tidy() {}

  @Override
  public void close() {}
}
