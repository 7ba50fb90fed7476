package io.espalier.service.journal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.espalier.service.ServiceStartException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;

/** The schema of the journal's tables, their rows, and Akka Persistence settings for them. */
final class JournalDatabase {
  private static final String FOLDER = "classpath:io/espalier/service/journal/";
  private static final List<String> TABLES = List.of("event_journal", "snapshot");
  private static final int CONNECTIONS = 4;
  private static final int CONNECTION_TIMEOUT_MS = 5_000;
  private static final String SLICK = "akka-persistence-jdbc.shared-databases.slick";

  private JournalDatabase() {}

  /**
   * Migrates a database to the schema of this version; {@code shown} is its name in errors.
   *
   * @throws ServiceStartException if it is unreachable, or a newer version has written it
   */
  static void migrate(String folder, String url, String user, String password, String shown) {
    try {
      Flyway flyway =
          Flyway.configure()
              .dataSource(url, user, password)
              .locations(FOLDER + folder)
              .connectRetries(0)
              .load();
      refuseFuture(flyway, shown);
      flyway.migrate();
    } catch (FlywayException e) {
      throw new ServiceStartException(
          "the journal's database must be reachable and whole: journal=%s, cause=%s"
              .formatted(shown, rootOf(e)),
          e);
    }
  }

  private static void refuseFuture(Flyway flyway, String shown) {
    Optional<MigrationInfo> future =
        Arrays.stream(flyway.info().all())
            .filter(info -> info.getState().name().startsWith("FUTURE"))
            .findFirst();
    future.ifPresent(
        info -> {
          throw new ServiceStartException(
              "the journal must not be of a newer version of Espalier: journal=%s, schema=%s, known up to=%s; start that version"
                  .formatted(shown, info.getVersion(), newestKnown(flyway)));
        });
  }

  private static String newestKnown(Flyway flyway) {
    return Arrays.stream(flyway.info().all())
        .filter(info -> !info.getState().name().startsWith("FUTURE"))
        .map(info -> String.valueOf(info.getVersion()))
        .reduce("none", (before, next) -> next);
  }

  private static String rootOf(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + " " + root.getMessage();
  }

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

  /** Journal and snapshots over one small pool; {@code profile} is a class of Slick. */
  static Config settings(String profile, String driver, String url, String user, String password) {
    return ConfigFactory.parseMap(
        Map.ofEntries(
            Map.entry("akka.persistence.journal.plugin", "jdbc-journal"),
            Map.entry("akka.persistence.snapshot-store.plugin", "jdbc-snapshot-store"),
            Map.entry("jdbc-journal.use-shared-db", "slick"),
            Map.entry("jdbc-snapshot-store.use-shared-db", "slick"),
            Map.entry("jdbc-read-journal.use-shared-db", "slick"),
            Map.entry(SLICK + ".profile", profile),
            Map.entry(SLICK + ".db.driver", driver),
            Map.entry(SLICK + ".db.url", url),
            Map.entry(SLICK + ".db.user", user),
            Map.entry(SLICK + ".db.password", password),
            Map.entry(SLICK + ".db.numThreads", CONNECTIONS),
            Map.entry(SLICK + ".db.maxConnections", CONNECTIONS),
            Map.entry(SLICK + ".db.minConnections", 1),
            Map.entry(SLICK + ".db.connectionTimeout", CONNECTION_TIMEOUT_MS)));
  }
}
