package io.espalier.service.node;

import static io.espalier.service.node.TestService.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.service.LifecycleEntry;
import io.espalier.service.RefusedRequestException;
import io.espalier.service.RefusedRequestException.Reason;
import io.espalier.service.RunPage;
import io.espalier.service.RunQuery;
import io.espalier.service.RunService;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.service.notes.RunNotes;
import io.espalier.service.run.Retention;
import io.espalier.service.run.RunEntity;
import io.espalier.service.run.Scheduler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 200 runs of ten clients that pause, cancel, resume and delete, on a node that is restarted. */
@Tag("slow")
final class CompressedDayTest {
  private static final int CLIENTS = 10;
  private static final int RUNS_EACH = 20;
  private static final int RESTARTS = 3;
  private static final int KEPT = 150;
  private static final long MOST_JOURNAL_BYTES = 24L << 20;
  private static final int MOST_ROWS_OF_A_RUN = 45;
  private static final Set<Reason> LATER = Set.of(Reason.UNAVAILABLE, Reason.FULL);

  @TempDir Path directory;

  private final FakeLauncher attempts = new FakeLauncher(1);
  private final AtomicReference<ServiceNode> node = new AtomicReference<>();

  @Test
  void day_ofManyRuns_leavesNothingUnexplained() throws Exception {
    // Given
    long threadsBefore = threads();
    node.set(start());
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);

    // When
    List<Future<Integer>> days = new ArrayList<>();
    for (int client = 0; client < CLIENTS; client++) {
      int seed = client;
      days.add(clients.submit(() -> day(seed)));
    }
    for (int restart = 0; restart < RESTARTS; restart++) {
      awaitProgress((restart + 1) * CLIENTS * RUNS_EACH / (RESTARTS + 2));
      current().close();
      node.set(start());
    }
    int deleted = 0;
    for (Future<Integer> day : days) {
      deleted += day.get();
    }
    clients.shutdown();
    int kept = Math.min(KEPT, CLIENTS * RUNS_EACH - deleted);
    List<RunStatus> all = settled(kept);

    // Then
    for (RunStatus status : all) {
      assertExplained(status);
    }
    assertThat(all).hasSize(kept);
    assertThat(attempts.twice()).isEmpty();
    assertThat(attempts.mostRunning()).isLessThanOrEqualTo(2);
    current().close();
    assertThat(directories()).isEqualTo(kept);
    assertJournalIsBounded(all);
    assertThat(Files.size(directory.resolve("journal/journal.mv.db")))
        .isLessThan(MOST_JOURNAL_BYTES);
    assertThat(threads()).isLessThanOrEqualTo(threadsBefore + CLIENTS + 4);
  }

  private ServiceNode current() {
    return Optional.ofNullable(node.get()).orElseThrow();
  }

  private ServiceNode start() {
    return ServiceNode.start(
        TestService.settings(directory).withRetention(new Retention(KEPT, Optional.empty())),
        system -> attempts);
  }

  /** The day of one client; tells how many runs it deleted. */
  private int day(int seed) throws Exception {
    Random random = new Random(seed);
    int deleted = 0;
    for (int index = 0; index < RUNS_EACH; index++) {
      String name = "client-%d-run-%d%s".formatted(seed, index, index % 7 == 3 ? "-broken" : "");
      int epochs = 2 + random.nextInt(40);
      int priority = random.nextInt(3);
      String run =
          ask(service ->
                  service.submit(TestService.submission(name, epochs, priority, Optional.of(name))))
              .orElseThrow()
              .status()
              .run();
      for (int act = random.nextInt(4); act > 0; act--) {
        Thread.sleep(random.nextInt(30));
        int choice = random.nextInt(5);
        ask(service -> act(service, run, choice));
      }
      ask(service -> service.resume(run));
      if (random.nextInt(10) == 0) {
        ask(service -> service.cancel(run));
        deleted += ask(service -> service.delete(run).thenApply(gone -> 1)).orElse(0);
      }
    }
    return deleted;
  }

  private static CompletionStage<RunStatus> act(RunService service, String run, int choice) {
    return switch (choice) {
      case 0, 1 -> service.pause(run);
      case 2 -> service.resume(run);
      case 3 -> service.checkpoint(run);
      default -> service.status(run);
    };
  }

  /** Asks until the service answers; empty if it refuses. */
  private <T> Optional<T> ask(Function<RunService, CompletionStage<T>> question) throws Exception {
    while (true) {
      Callable<T> asked = () -> get(question.apply(current().service()));
      try {
        return Optional.of(asked.call());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof RefusedRequestException refused)) {
          throw e;
        }
        if (!LATER.contains(refused.reason())) {
          return Optional.empty();
        }
        Thread.sleep(50);
      }
    }
  }

  private void awaitProgress(int runs) throws Exception {
    while (ask(service -> service.list(RunQuery.newest())).orElseThrow().runs().stream()
            .mapToLong(status -> number(status.run()))
            .max()
            .orElse(0)
        < runs) {
      Thread.sleep(20);
    }
  }

  private static long number(String run) {
    return Long.parseLong(run.substring(run.lastIndexOf('-') + 1), 16);
  }

  /** All runs, once nothing happens any more; what is held is let go. */
  private List<RunStatus> settled(int kept) throws Exception {
    while (true) {
      List<RunStatus> all = all();
      for (RunStatus status : all) {
        if (status.state() == RunState.PAUSED) {
          ask(service -> service.resume(status.run()));
        }
      }
      if (all.size() == kept && all.stream().allMatch(status -> status.state().isEnded())) {
        return all;
      }
      Thread.sleep(100);
    }
  }

  private List<RunStatus> all() throws Exception {
    List<RunStatus> all = new ArrayList<>();
    Optional<String> after = Optional.empty();
    do {
      RunQuery query = new RunQuery(Set.of(), "", 100, after);
      RunPage page = ask(service -> service.list(query)).orElseThrow();
      all.addAll(page.runs());
      after = page.next();
    } while (after.isPresent());
    return all;
  }

  /** The history leads, without a gap, to the state; terms rise. */
  private void assertExplained(RunStatus status) throws Exception {
    List<LifecycleEntry> history = ask(service -> service.history(status.run())).orElseThrow();
    assertThat(history.get(0).event()).isEqualTo("submitted");
    assertThat(history.get(history.size() - 1).state()).isEqualTo(status.state());
    for (int index = 0; index < history.size(); index++) {
      assertThat(history.get(index).number()).isEqualTo(index + 1);
    }
    List<String> terms =
        history.stream()
            .filter(entry -> entry.event().equals("started"))
            .map(entry -> entry.detail().replaceAll("term=(\\d+) .*", "$1"))
            .toList();
    assertThat(terms)
        .isEqualTo(Stream.iterate(1, n -> n + 1).limit(terms.size()).map(String::valueOf).toList());
    assertThat(status.attempt().term()).isEqualTo(terms.size());
  }

  private long directories() throws Exception {
    try (Stream<Path> runs = Files.list(directory.resolve("runs"))) {
      return runs.filter(run -> !run.endsWith(RunNotes.DIRECTORY)).count();
    }
  }

  private void assertJournalIsBounded(List<RunStatus> all) throws Exception {
    Map<String, Integer> rows = new TreeMap<>();
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:h2:" + directory.toAbsolutePath().resolve("journal/journal"),
                "espalier",
                "");
        Statement statement = connection.createStatement();
        ResultSet counts =
            statement.executeQuery(
                "SELECT \"persistence_id\", COUNT(*) FROM \"event_journal\" GROUP BY \"persistence_id\"")) {
      while (counts.next()) {
        rows.put(counts.getString(1), counts.getInt(2));
      }
    }
    Set<String> known = new TreeSet<>();
    all.forEach(status -> known.add(RunEntity.persistenceId(status.run())));
    known.add(Scheduler.PERSISTENCE_ID);
    assertThat(known).containsAll(rows.keySet());
    assertThat(rows.get(Scheduler.PERSISTENCE_ID)).isLessThan(250);
    rows.remove(Scheduler.PERSISTENCE_ID);
    assertThat(rows.values()).allMatch(count -> count <= MOST_ROWS_OF_A_RUN);
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream().filter(Thread::isAlive).count();
  }
}
