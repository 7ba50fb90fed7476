package io.espalier.service.node;

import static io.espalier.service.node.TestService.await;
import static io.espalier.service.node.TestService.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.espalier.service.LifecycleEntry;
import io.espalier.service.RunQuery;
import io.espalier.service.RunService;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.service.journal.Journal;
import io.espalier.service.recorded.RecordedFiles;
import io.espalier.service.run.NodeLauncher;
import io.espalier.service.run.RunEntity;
import io.espalier.service.run.Scheduler;
import io.espalier.training.run.BrokerLease;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service goes on with a journal of version 0.1, whose manifests are names of classes. */
final class RecordedJournalTest {
  private static final String COMPLETED = "completed-20261128-081240-1";
  private static final String FAILED = "failed-20261128-081240-2";
  private static final String PAUSED = "paused-20261128-081256-3";
  private static final String FEDERATION = "federation-20261128-081317-4";
  private static final String CANCELLED = "cancelled-20261128-081317-5";
  private static final String URGENT = "urgent-20261128-081319-6";
  private static final int RECORDED_OF_URGENT = 2;
  private static final int RECORDED_OF_SCHEDULER = 122;

  @TempDir Path directory;

  @BeforeEach
  void unpack() throws IOException {
    RecordedFiles.service(directory);
  }

  @Test
  void runs_recordedBefore_haveTheirStates() throws Exception {
    try (ServiceNode node = start()) {
      // When
      List<RunStatus> runs = get(node.service().list(RunQuery.newest())).runs();

      // Then
      assertThat(runs)
          .extracting(
              RunStatus::run,
              RunStatus::state,
              run -> run.request().priority(),
              run -> run.attempt().term())
          .containsExactly(
              tuple(URGENT, RunState.PAUSED, 5, 0L),
              tuple(CANCELLED, RunState.CANCELLED, 0, 1L),
              tuple(FEDERATION, RunState.CANCELLED, 0, 1L),
              tuple(PAUSED, RunState.PAUSED, 0, 2L),
              tuple(FAILED, RunState.FAILED, 0, 2L),
              tuple(COMPLETED, RunState.FINISHED, 0, 1L));
    }
  }

  @Test
  void histories_recordedBefore_areWhole() throws Exception {
    try (ServiceNode node = start()) {
      // Given
      RunService service = node.service();

      // When, then
      assertThat(words(service, COMPLETED))
          .containsExactly("submitted", "started", "ready", "checkpointed", "finished");
      assertThat(words(service, FAILED))
          .containsExactly(
              "submitted", "started", "ready", "failed", "resumed", "started", "ready", "failed");
      assertThat(words(service, PAUSED))
          .containsSubsequence("submitted", "started", "ready", "checkpointed", "interrupted")
          .endsWith("paused");
      assertThat(words(service, FEDERATION)).contains("cancel-requested").endsWith("cancelled");
      assertThat(words(service, URGENT)).containsExactly("submitted", "pause-requested");
      assertThat(get(service.history(FEDERATION)).get(1).detail())
          .contains("gateway=127.0.0.1:17443");
      assertThat(get(service.status(FAILED)).standing().cause().orElseThrow())
          .startsWith("The loss is not a finite number: step=1");
      assertThat(get(service.status(COMPLETED)).reached().accuracy()).isPresent();
    }
  }

  @Test
  void run_pausedBefore_goesOnFromItsCheckpoint() throws Exception {
    Path home = directory.resolve("home");
    try (BrokerLease broker = new BrokerLease(home, Optional.empty());
        ServiceNode node =
            ServiceNode.start(
                TestService.settings(directory),
                system ->
                    new NodeLauncher(
                        new NodeLauncher.Settings(
                            home, system, broker, Optional.empty(), Optional.empty())))) {
      // Given
      RunService service = node.service();

      // When
      get(service.resume(PAUSED));
      await(
          service, PAUSED, run -> run.state() == RunState.RUNNING && run.reached().step() > 1_254);
      get(service.cancel(PAUSED));
      await(service, PAUSED, RunState.CANCELLED);

      // Then
      assertThat(get(service.history(PAUSED)))
          .extracting(LifecycleEntry::event, LifecycleEntry::detail)
          .containsSubsequence(
              tuple("resumed", ""),
              tuple("started", "term=3 node=n1"),
              tuple("ready", "step=1254 totalSteps=8800"));
    }
  }

  @Test
  void rows_writtenAfterwards_haveStableManifests() throws Exception {
    // Given
    try (ServiceNode node = start()) {
      get(node.service().resume(URGENT));
      await(node.service(), URGENT, RunState.FINISHED);
    }

    // When
    Set<String> ofRun = manifests(RunEntity.persistenceId(URGENT), RECORDED_OF_URGENT);
    Set<String> ofScheduler = manifests(Scheduler.PERSISTENCE_ID, RECORDED_OF_SCHEDULER);

    // Then
    assertThat(ofRun).containsExactly("run-event");
    assertThat(ofScheduler).containsExactly("scheduler-event");
    try (ServiceNode node = start()) {
      assertThat(get(node.service().status(URGENT)).state()).isEqualTo(RunState.FINISHED);
      assertThat(words(node.service(), URGENT))
          .startsWith("submitted", "pause-requested", "resumed", "started");
    }
  }

  private ServiceNode start() {
    return ServiceNode.start(TestService.settings(directory), system -> new FakeLauncher(1));
  }

  private static List<String> words(RunService service, String run) throws Exception {
    return get(service.history(run)).stream().map(LifecycleEntry::event).toList();
  }

  private Set<String> manifests(String persistenceId, int after) throws SQLException {
    Set<String> manifests = new TreeSet<>();
    try (Journal journal = Journal.open(new Journal.Embedded(directory.resolve("journal")));
        Connection connection =
            DriverManager.getConnection(
                journal.config().getString("akka-persistence-jdbc.shared-databases.slick.db.url"),
                "espalier",
                "");
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT \"event_ser_manifest\" FROM \"event_journal\" WHERE \"persistence_id\" = ? AND \"sequence_number\" > ?")) {
      statement.setString(1, persistenceId);
      statement.setInt(2, after);
      ResultSet rows = statement.executeQuery();
      while (rows.next()) {
        manifests.add(rows.getString(1));
      }
    }
    return manifests;
  }
}
