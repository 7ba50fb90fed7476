package io.espalier.service.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.service.ServiceStartException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalTest {
  private static final int WRITES = 3_000;
  private static final long MOST_BYTES = 24L << 20;

  @TempDir Path directory;

  @Test
  void file_writtenAgainAndAgain_staysSmall() throws Exception {
    // Given
    try (Journal journal = Journal.open(new Journal.Embedded(directory));
        Connection connection = connect(journal)) {
      // When
      for (int write = 0; write < WRITES; write++) {
        insert(connection, "run|" + write / 30, write, new byte[3_000]);
        if (write % 30 == 29) {
          journal.purge("run|" + write / 30);
        }
        if (write % 100 == 0) {
          journal.tidy();
        }
      }
      journal.tidy();

      // Then
      assertThat(Files.size(directory.resolve("journal.mv.db"))).isLessThan(MOST_BYTES);
      assertThat(rows(connection)).isZero();
    }
  }

  @Test
  void purge_ofOneId_leavesTheOthers() throws Exception {
    try (Journal journal = Journal.open(new Journal.Embedded(directory));
        Connection connection = connect(journal)) {
      // Given
      insert(connection, "run|a", 1, new byte[10]);
      insert(connection, "run|a", 2, new byte[10]);
      insert(connection, "run|b", 1, new byte[10]);

      // When
      journal.purge("run|a");

      // Then
      assertThat(rows(connection)).isEqualTo(1);
    }
  }

  @Test
  void file_ofANewerVersion_isRefused() throws Exception {
    // Given
    try (Journal journal = Journal.open(new Journal.Embedded(directory));
        Connection connection = connect(journal);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "INSERT INTO \"flyway_schema_history\" VALUES (2, '99', 'future', 'SQL', 'V99__future.sql', 1, 'x', CURRENT_TIMESTAMP, 1, TRUE)");
    }

    // When, then
    assertThatThrownBy(() -> Journal.open(new Journal.Embedded(directory)))
        .isInstanceOf(ServiceStartException.class)
        .hasMessageContaining("newer version of Espalier")
        .hasMessageContaining("schema=99");
  }

  @Test
  void database_thatIsAway_isSaidSo() {
    // Given
    Journal.Settings away =
        new Journal.Shared("jdbc:postgresql://127.0.0.1:1/espalier", "user", "secret");

    // When, then
    assertThatThrownBy(() -> Journal.open(away))
        .isInstanceOf(ServiceStartException.class)
        .hasMessageContaining("must be reachable")
        .hasMessageContaining("jdbc:postgresql://127.0.0.1:1/espalier")
        .hasMessageNotContaining("secret");
  }

  @Test
  void postgres_isMigratedOnceAndPurged() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      // Given
      Journal.Settings settings =
          new Journal.Shared(postgres.getJdbcUrl("postgres", "postgres"), "postgres", "postgres");
      Journal.open(settings).close();

      // When
      try (Journal journal = Journal.open(settings);
          Connection connection = postgres.getPostgresDatabase().getConnection()) {
        insert(connection, "run|a", 1, new byte[10]);
        insert(connection, "run|b", 1, new byte[10]);
        journal.purge("run|a");

        // Then
        assertThat(rows(connection)).isEqualTo(1);
      }
    }
  }

  @Test
  void postgres_writerOfDeletedOrPurgedEvents_isRefused() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      // Given
      Journal.Settings settings =
          new Journal.Shared(postgres.getJdbcUrl("postgres", "postgres"), "postgres", "postgres");
      try (Journal journal = Journal.open(settings);
          Connection connection = postgres.getPostgresDatabase().getConnection()) {
        for (long sequence = 1; sequence <= 30; sequence++) {
          insert(connection, "run|a", sequence, new byte[10]);
        }

        // When
        delete(connection, "run|a", 29);

        // Then
        assertRefused(connection, "run|a", 6);
        insert(connection, "run|a", 31, new byte[10]);

        // When
        journal.purge("run|a");

        // Then
        assertRefused(connection, "run|a", 6);
        assertRefused(connection, "run|a", 32);
        assertThat(rows(connection)).isZero();
      }
    }
  }

  @Test
  void postgres_writerThatWaitsForAnother_isRefusedOnceThatCommits() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      // Given
      Journal.Settings settings =
          new Journal.Shared(postgres.getJdbcUrl("postgres", "postgres"), "postgres", "postgres");
      Journal.open(settings).close();
      try (Connection heir = postgres.getPostgresDatabase().getConnection();
          Connection zombie = postgres.getPostgresDatabase().getConnection()) {
        insert(heir, "run|a", 1, new byte[10]);
        heir.setAutoCommit(false);
        insert(heir, "run|a", 2, new byte[10]);
        insert(heir, "run|a", 3, new byte[10]);
        delete(heir, "run|a", 2);

        // When
        CompletableFuture<Void> late =
            CompletableFuture.runAsync(() -> assertRefused(zombie, "run|a", 2));
        awaitLockWaits(heir);
        heir.commit();

        // Then
        late.get(120, TimeUnit.SECONDS);
        assertThat(rows(heir)).isEqualTo(1);
      }
    }
  }

  private static void awaitLockWaits(Connection connection) throws Exception {
    for (int look = 0; count(connection, "pg_locks WHERE NOT granted") == 0; look++) {
      assertThat(look).isLessThan(3_000);
      Thread.sleep(10);
    }
  }

  private static void assertRefused(Connection connection, String id, long sequence) {
    assertThatThrownBy(() -> insert(connection, id, sequence, new byte[10]))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("must be the next of its id")
        .hasMessageContaining("id=%s, sequence number=%d", id, sequence);
  }

  private static void delete(Connection connection, String id, long upTo) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "DELETE FROM event_journal WHERE persistence_id = ? AND sequence_number <= ?")) {
      statement.setString(1, id);
      statement.setLong(2, upTo);
      statement.executeUpdate();
    }
  }

  private static Connection connect(Journal journal) throws SQLException {
    return DriverManager.getConnection(
        journal.config().getString("akka-persistence-jdbc.shared-databases.slick.db.url"),
        "espalier",
        "");
  }

  private static void insert(Connection connection, String id, long sequence, byte[] payload)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO \"event_journal\" (\"persistence_id\", \"sequence_number\", \"writer\", \"write_timestamp\", \"adapter_manifest\", \"event_payload\", \"event_ser_id\", \"event_ser_manifest\") VALUES (?, ?, 'w', 0, '', ?, 1, '')")) {
      statement.setString(1, id);
      statement.setLong(2, sequence);
      statement.setBytes(3, payload);
      statement.executeUpdate();
    }
  }

  private static int rows(Connection connection) throws SQLException {
    return count(connection, "\"event_journal\"");
  }

  private static int count(Connection connection, String from) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM " + from)) {
      count.next();
      return count.getInt(1);
    }
  }
}
