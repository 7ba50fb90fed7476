package io.espalier.service.node;

import static io.espalier.service.node.TestService.await;
import static io.espalier.service.node.TestService.get;
import static io.espalier.service.node.TestService.submit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.service.journal.Journal;
import io.espalier.service.notice.NoticeFile;
import io.espalier.service.notice.NoticeSettings;
import io.espalier.service.notice.WebhookReceiver;
import io.espalier.service.notice.WebhookReceiver.Received;
import io.espalier.service.run.NodeOffer;
import io.espalier.service.run.RunEntity;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes over one PostgreSQL that goes away, or that two clusters believe to be theirs. */
@Tag("slow")
final class SharedJournalNodeTest {
  @TempDir Path directory;

  @Test
  void node_whoseRunsAnotherTookOver_cancelsItsAttempts() throws Exception {
    // Slow enough that the heir can write between two of its checkpoints on a busy machine.
    FakeLauncher zombies = new FakeLauncher(150);
    try (EmbeddedPostgres postgres = database();
        ServiceNode zombie = start(postgres, "a", zombies)) {
      // Given
      String run = submit(zombie.service(), "long", 1_000);
      await(zombie.service(), run, status -> status.reached().step() > 2);

      // When
      try (ServiceNode heir = start(postgres, "b", new FakeLauncher(5))) {
        RunStatus completed = await(heir.service(), run, RunState.FINISHED);

        // Then
        awaitNone(zombies);
        assertThat(completed.attempt().term()).isEqualTo(2);
        assertThat(completed.attempt().node()).contains("b");
        assertThat(get(heir.service().status(run)).state()).isEqualTo(RunState.FINISHED);
      }
    }
  }

  @Test
  void node_thatIsFarBehind_isRefusedThoughItsNextRowIsFree() throws Exception {
    FakeLauncher zombies = new FakeLauncher(8_000);
    try (EmbeddedPostgres postgres = database();
        ServiceNode zombie = start(postgres, "a", zombies)) {
      // Given
      String run = submit(zombie.service(), "long", 300);
      await(zombie.service(), run, RunState.RUNNING);
      long behind = highest(postgres, run);
      try (ServiceNode heir = start(postgres, "b", new FakeLauncher(20))) {
        RunStatus completed = await(heir.service(), run, RunState.FINISHED);
        assertThat(highest(postgres, run)).isGreaterThan(behind + 60);
        assertThat(events(postgres, run, behind + 1)).isZero();

        // When
        assertThatThrownBy(() -> get(zombie.service().cancel(run)));

        // Then
        awaitNone(zombies);
        assertThat(events(postgres, run, behind + 1)).isZero();
        assertThat(get(heir.service().status(run))).isEqualTo(completed);
      }
    }
  }

  @Test
  void node_whoseRunWasPurged_leavesNothingOfIt() throws Exception {
    FakeLauncher zombies = new FakeLauncher(8_000);
    try (EmbeddedPostgres postgres = database();
        ServiceNode zombie = start(postgres, "a", zombies)) {
      // Given
      String run = submit(zombie.service(), "long", 100);
      await(zombie.service(), run, RunState.RUNNING);
      try (ServiceNode heir = start(postgres, "b", new FakeLauncher(2))) {
        await(heir.service(), run, RunState.FINISHED);
        get(heir.service().delete(run));
        awaitPurged(postgres, run);

        // When
        assertThatThrownBy(() -> get(zombie.service().cancel(run)));

        // Then
        awaitNone(zombies);
        assertThat(highest(postgres, run)).isZero();
        assertThatThrownBy(() -> get(heir.service().status(run)))
            .hasMessageContaining("a run must exist");
      }
    }
  }

  @Test
  void journal_awayWhileTraining_isWrittenOnceItIsBack() throws Exception {
    try (EmbeddedPostgres postgres = database();
        ServiceNode node = start(postgres, "a", new FakeLauncher(20))) {
      // Given
      String run = submit(node.service(), "long", 300);
      String waiting = submit(node.service(), "waiting", 3);
      await(node.service(), run, status -> status.reached().step() > 2);

      // When
      allow(postgres, false);
      Thread.sleep(3_000);
      allow(postgres, true);
      RunStatus completed = await(node.service(), run, RunState.FINISHED);

      // Then
      assertThat(completed.attempt().term()).isEqualTo(1);
      await(node.service(), waiting, RunState.FINISHED);
    }
  }

  @Test
  void notice_thatANodeOwes_isDeliveredByTheOneThatTakesOver() throws Exception {
    Files.writeString(directory.resolve("secret"), "0123456789abcdef0123456789abcdef");
    try (EmbeddedPostgres postgres = database();
        WebhookReceiver receiver = WebhookReceiver.start()) {
      // Given
      NoticeSettings notices =
          NoticeFile.read(
              Files.writeString(
                  directory.resolve("notify.conf"),
                  "destinations.ops { kind = webhook, url = \"%s\", secret-file = secret }"
                      .formatted(receiver.url())));
      receiver.answer(503);
      String run;
      try (ServiceNode first =
          ServiceNode.start(
              settings(postgres, "a").withNotices(notices), system -> new FakeLauncher(1))) {
        run = submit(first.service(), "short", 3);
        receiver.next();
      }
      receiver.forget();
      receiver.answer(200);

      // When
      try (ServiceNode heir =
          ServiceNode.start(
              settings(postgres, "b").withNotices(notices), system -> new FakeLauncher(1))) {
        Received delivered = receiver.next();

        // Then
        assertThat(delivered.headers()).containsEntry("idempotency-key", run + "/1/finished");
        assertThat(heir.attempts()).isZero();
      }
    }
  }

  private static EmbeddedPostgres database() throws IOException, SQLException {
    EmbeddedPostgres postgres = EmbeddedPostgres.start();
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE espalier LOGIN PASSWORD 'secret'");
      statement.execute("GRANT ALL ON SCHEMA public TO espalier");
    }
    return postgres;
  }

  private ServiceNode start(EmbeddedPostgres postgres, String name, FakeLauncher attempts) {
    return ServiceNode.start(settings(postgres, name), system -> attempts);
  }

  private ServiceSettings settings(EmbeddedPostgres postgres, String name) {
    return ServiceSettings.of(directory.resolve(name), NodeOffer.of(name, 2, 2_048, List.of()))
        .withJournal(
            new Journal.Shared(
                postgres.getJdbcUrl("postgres", "postgres").replaceAll("\\?.*", ""),
                "espalier",
                "secret"))
        .withOverlay(ConfigFactory.parseString("akka.actor.serialize-messages = on"));
  }

  private static void awaitNone(FakeLauncher attempts) throws InterruptedException {
    for (int look = 0; attempts.running() > 0; look++) {
      assertThat(look).isLessThan(12_000);
      Thread.sleep(10);
    }
  }

  private static void awaitPurged(EmbeddedPostgres postgres, String run) throws Exception {
    for (int look = 0; highest(postgres, run) > 0; look++) {
      assertThat(look).isLessThan(12_000);
      Thread.sleep(10);
    }
  }

  private static long highest(EmbeddedPostgres postgres, String run) throws SQLException {
    return ask(postgres, "COALESCE(MAX(sequence_number), 0)", run, 0);
  }

  private static long events(EmbeddedPostgres postgres, String run, long upTo) throws SQLException {
    return ask(postgres, "COUNT(*)", run, upTo);
  }

  /** An aggregate over the run's events; of those up to a number, unless that is 0. */
  private static long ask(EmbeddedPostgres postgres, String aggregate, String run, long upTo)
      throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT "
                    + aggregate
                    + " FROM event_journal WHERE persistence_id = ? AND (sequence_number <= ? OR ? = 0)")) {
      statement.setString(1, RunEntity.persistenceId(run));
      statement.setLong(2, upTo);
      statement.setLong(3, upTo);
      try (ResultSet answer = statement.executeQuery()) {
        answer.next();
        return answer.getLong(1);
      }
    }
  }

  private static void allow(EmbeddedPostgres postgres, boolean login) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER ROLE espalier " + (login ? "LOGIN" : "NOLOGIN"));
      if (!login) {
        statement.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'espalier'");
      }
    }
  }
}
