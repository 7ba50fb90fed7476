package io.espalier.service.journal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;

/** The settings of Akka Persistence for one database. */
final class PersistenceSettings {
  private static final int CONNECTIONS = 4;
  private static final int CONNECTION_TIMEOUT_MS = 5_000;
  private static final String DATABASE = "akka-persistence-jdbc.shared-databases.slick";

  private PersistenceSettings() {}

  /**
   * Journal and snapshots over one small pool.
   *
   * @param profile class of Slick's profile
   */
  static Config of(String profile, String driver, String url, String user, String password) {
    return ConfigFactory.parseMap(
        Map.ofEntries(
            Map.entry("akka.persistence.journal.plugin", "jdbc-journal"),
            Map.entry("akka.persistence.snapshot-store.plugin", "jdbc-snapshot-store"),
            Map.entry("jdbc-journal.use-shared-db", "slick"),
            Map.entry("jdbc-snapshot-store.use-shared-db", "slick"),
            Map.entry("jdbc-read-journal.use-shared-db", "slick"),
            Map.entry(DATABASE + ".profile", profile),
            Map.entry(DATABASE + ".db.driver", driver),
            Map.entry(DATABASE + ".db.url", url),
            Map.entry(DATABASE + ".db.user", user),
            Map.entry(DATABASE + ".db.password", password),
            Map.entry(DATABASE + ".db.numThreads", CONNECTIONS),
            Map.entry(DATABASE + ".db.maxConnections", CONNECTIONS),
            Map.entry(DATABASE + ".db.minConnections", 1),
            Map.entry(DATABASE + ".db.connectionTimeout", CONNECTION_TIMEOUT_MS)));
  }
}
