package io.espalier.service.node;

import static io.espalier.service.node.TestService.await;
import static io.espalier.service.node.TestService.get;
import static io.espalier.service.node.TestService.submission;
import static io.espalier.service.node.TestService.submit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.service.LifecycleEntry;
import io.espalier.service.RefusedRequestException;
import io.espalier.service.RefusedRequestException.Reason;
import io.espalier.service.RunQuery;
import io.espalier.service.RunService;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.service.ServiceStartException;
import io.espalier.service.Submission;
import io.espalier.service.run.SchedulerReply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServiceNodeTest {
  @TempDir Path directory;

  @Test
  void unfinishedRuns_areFoundByTheFilesThatTheyName() throws Exception {
    // Given
    Path set = Files.createDirectories(directory.resolve("data/set"));
    Files.writeString(set.resolve("table.csv"), "x,y\n1,a\n");
    Submission submission =
        new Submission(
            "name = held\ndata { kind = csv, path = \"set/table.csv\", label = y, test = 50% }\nmodel = mlp\ntrain { epochs = 9, trainers = 1 }",
            "held.conf", List.of(), 0, OptionalInt.empty(), Optional.empty());
    try (ServiceNode node =
        ServiceNode.start(TestService.settings(directory), system -> new FakeLauncher(1))) {
      RunService service = node.service();
      String user = get(service.submit(submission)).status().run();
      await(service, user, RunState.RUNNING);
      submit(service, "held too", 9);

      // When, Then
      assertThat(get(service.unfinishedWith(set))).containsExactly(user);
      assertThat(get(service.unfinishedWith(set.resolve("table.csv")))).containsExactly(user);
      assertThat(get(service.unfinishedWith(set.resolveSibling("se")))).isEmpty();
      get(service.cancel(user));
      await(service, user, RunState.CANCELLED);
      assertThat(get(service.unfinishedWith(set))).isEmpty();
    }
  }

  @Test
  void causeOfAFailedRun_namesDataWithoutTheirPlace() throws Exception {
    // Given
    Path data = Files.createDirectories(directory.resolve("data"));
    Files.writeString(data.resolve("table.csv"), "x,y\n1,a\n");
    Submission submission =
        new Submission(
            "name = broken\ndata { kind = csv, path = table.csv, label = y, test = 50% }\nmodel = mlp\ntrain { epochs = 9, trainers = 1 }",
            "broken.conf", List.of(), 0, OptionalInt.empty(), Optional.empty());
    try (ServiceNode node =
        ServiceNode.start(TestService.settings(directory), system -> new FakeLauncher(1))) {
      // When
      RunService service = node.service();
      String run = get(service.submit(submission)).status().run();

      // Then
      RunStatus failed = await(service, run, RunState.FAILED);
      assertThat(failed.standing().cause()).contains("it is broken: file=table.csv");
      assertThat(get(service.history(run)).toString())
          .contains("file=table.csv")
          .doesNotContain(data.toString());
      RunQuery all = new RunQuery(Set.of(), "", 10, Optional.empty());
      assertThat(get(service.list(all)).runs().get(0).standing().cause())
          .isEqualTo(failed.standing().cause());
    }
  }

  @Test
  void runs_submitted_completeInTurn() throws Exception {
    FakeLauncher attempts = new FakeLauncher(2);
    try (ServiceNode node =
        ServiceNode.start(TestService.settings(directory), system -> attempts)) {
      // Given
      RunService service = node.service();

      // When
      String first = submit(service, "first", 30);
      String second = submit(service, "second", 30);
      String third = submit(service, "third", 30);

      // Then
      for (String run : List.of(first, second, third)) {
        RunStatus status = await(service, run, RunState.FINISHED);
        assertThat(status.reached().step()).isEqualTo(30);
        assertThat(status.attempt().term()).isEqualTo(1);
      }
      assertThat(attempts.mostRunning()).isLessThanOrEqualTo(2);
      assertThat(get(service.list(RunQuery.newest())).runs())
          .extracting(RunStatus::run)
          .containsExactly(third, second, first);
      assertThat(events(service, first))
          .containsExactly("submitted", "started", "ready", "checkpointed", "finished");
    }
  }

  @Test
  void run_pausedAndResumed_goesOnWithTheNextTerm() throws Exception {
    try (ServiceNode node =
        ServiceNode.start(TestService.settings(directory), system -> new FakeLauncher(5))) {
      // Given
      RunService service = node.service();
      String run = submit(service, "held", 60);
      await(service, run, status -> status.reached().step() > 3);

      // When
      get(service.pause(run));
      RunStatus paused = await(service, run, RunState.PAUSED);
      get(service.resume(run));
      RunStatus completed = await(service, run, RunState.FINISHED);

      // Then
      assertThat(paused.reached().checkpointStep().orElseThrow()).isPositive();
      assertThat(completed.attempt().term()).isEqualTo(2);
      assertThat(events(service, run)).contains("pause-requested", "paused", "resumed");
    }
  }

  @Test
  void run_cancelled_endsAndIsDeleted() throws Exception {
    try (ServiceNode node =
        ServiceNode.start(TestService.settings(directory), system -> new FakeLauncher(5))) {
      // Given
      RunService service = node.service();
      String run = submit(service, "long", 6_000);
      await(service, run, RunState.RUNNING);

      // When
      get(service.cancel(run));
      await(service, run, RunState.CANCELLED);
      boolean hadFiles = Files.exists(service.directory(run));
      get(service.delete(run));

      // Then
      assertThat(hadFiles).isTrue();
      assertThat(service.directory(run)).doesNotExist();
      assertThat(refusal(service.status(run))).isEqualTo(Reason.NO_SUCH_RUN);
      assertThat(refusal(service.resume(run))).isEqualTo(Reason.NO_SUCH_RUN);
      assertThat(refusal(service.history(run))).isEqualTo(Reason.NO_SUCH_RUN);
    }
  }

  @Test
  void run_whoseAttemptsCrash_backsOffLetsOthersPassAndFails() throws Exception {
    FakeLauncher attempts = new FakeLauncher(2);
    try (ServiceNode node =
        ServiceNode.start(TestService.settings(directory), system -> attempts)) {
      // Given
      RunService service = node.service();
      String crashing = submit(service, "crashing", 30);

      // When
      RunStatus waiting =
          await(
              service,
              crashing,
              status ->
                  status
                      .standing()
                      .waitsFor()
                      .filter(why -> why.contains("1 in a row"))
                      .isPresent());
      RunStatus good = await(service, submit(service, "good", 30), RunState.FINISHED);
      RunStatus failed = await(service, crashing, RunState.FAILED);

      // Then
      assertThat(waiting.state()).isEqualTo(RunState.QUEUED);
      assertThat(waiting.standing().waitsFor().orElseThrow()).contains("waits 5 s");
      assertThat(good.reached().step()).isEqualTo(30);
      assertThat(failed.attempt().term()).isEqualTo(2);
      assertThat(failed.standing().cause().orElseThrow()).contains("2 in a row", "signal 9");
      assertThat(events(service, crashing))
          .filteredOn(event -> event.equals("interrupted"))
          .hasSize(1);
    }
  }

  @Test
  void run_thatCrashedAndWasMended_completesAfterItsWait() throws Exception {
    try (ServiceNode node =
        ServiceNode.start(TestService.settings(directory), system -> new FakeLauncher(2))) {
      // Given
      RunService service = node.service();
      String run = submit(service, "crashing", 30);
      await(
          service,
          run,
          status -> status.standing().waitsFor().isPresent() && status.attempt().term() > 0);

      // When
      Files.createFile(service.directory(run).resolve("mended"));

      // Then
      assertThat(await(service, run, RunState.FINISHED).reached().step()).isEqualTo(30);
    }
  }

  @Test
  void run_thatFailed_isResumedOnceMended() throws Exception {
    try (ServiceNode node =
        ServiceNode.start(TestService.settings(directory), system -> new FakeLauncher(2))) {
      // Given
      RunService service = node.service();
      String run = submit(service, "broken", 10);
      RunStatus failed = await(service, run, RunState.FAILED);

      // When
      Files.writeString(service.directory(run).resolve("mended"), "");
      get(service.resume(run));
      RunStatus completed = await(service, run, RunState.FINISHED);

      // Then
      assertThat(failed.standing().cause()).contains("it is broken");
      assertThat(completed.standing().cause()).isEmpty();
      assertThat(completed.attempt().term()).isEqualTo(2);
    }
  }

  @Test
  void node_stoppedAndStarted_goesOnFromCheckpoints() throws Exception {
    // Given
    String running;
    String waiting;
    try (ServiceNode node =
        ServiceNode.start(TestService.settings(directory), system -> new FakeLauncher(5))) {
      running = submit(node.service(), "held", 100);
      submit(node.service(), "other", 100);
      waiting = submit(node.service(), "waiting", 5);
      await(node.service(), running, status -> status.reached().step() > 3);
    }

    // When
    try (ServiceNode node =
        ServiceNode.start(TestService.settings(directory), system -> new FakeLauncher(1))) {
      RunStatus completed = await(node.service(), running, RunState.FINISHED);

      // Then
      assertThat(completed.attempt().term()).isEqualTo(2);
      await(node.service(), waiting, RunState.FINISHED);
      List<LifecycleEntry> history = get(node.service().history(running));
      assertThat(history)
          .anyMatch(
              entry ->
                  entry.event().equals("interrupted")
                      && entry.detail().contains("the service was stopped"));
    }
  }

  @Test
  void key_usedAgain_isOneRunOrRefused() throws Exception {
    try (ServiceNode node =
        ServiceNode.start(TestService.settings(directory), system -> new FakeLauncher(2))) {
      // Given
      RunService service = node.service();
      RunService.Accepted first =
          get(service.submit(submission("one", 5, 0, Optional.of("key-1"))));

      // When
      RunService.Accepted again =
          get(service.submit(submission("one", 5, 0, Optional.of("key-1"))));

      // Then
      assertThat(first.fresh()).isTrue();
      assertThat(again.fresh()).isFalse();
      assertThat(again.status().run()).isEqualTo(first.status().run());
      assertThat(refusal(service.submit(submission("one", 6, 0, Optional.of("key-1")))))
          .isEqualTo(Reason.KEY_IN_USE);
    }
  }

  @Test
  void secondNode_ofOneHome_isRefusedNamingTheFirst() throws Exception {
    try (ServiceNode node =
        ServiceNode.start(TestService.settings(directory), system -> new FakeLauncher(2))) {
      // Given
      Files.writeString(directory.resolve("address"), "http://127.0.0.1:7070\n");

      // When, then
      assertThat(node.attempts()).isZero();
      assertThatThrownBy(
              () ->
                  ServiceNode.start(TestService.settings(directory), system -> new FakeLauncher(2)))
          .isInstanceOf(ServiceStartException.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid())
          .hasMessageContaining("http://127.0.0.1:7070");
    }
  }

  @Test
  void queue_thatIsFullOrTooSmall_refusesWithTheFigures() throws Exception {
    FakeLauncher attempts = new FakeLauncher(20);
    try (ServiceNode node =
        ServiceNode.start(TestService.settings(directory).withMostWaiting(1), system -> attempts)) {
      // Given
      RunService service = node.service();
      for (String name : List.of("first", "second")) {
        await(service, submit(service, name, 400), RunState.RUNNING);
      }

      // When
      RunStatus waiting = get(service.submit(submission("third", 400))).status();

      // Then
      assertThat(waiting.standing().waitsFor()).contains("waits for 1 trainer: 0 of 2 free");
      assertThat(refusal(service.submit(submission("fourth", 400)))).isEqualTo(Reason.FULL);
      get(service.pause(waiting.run()));
      assertThat(refusal(service.submit(submission("fifth", 400)))).isEqualTo(Reason.FULL);
      get(service.cancel(waiting.run()));
      await(service, waiting.run(), RunState.CANCELLED);
      assertThatThrownBy(() -> get(service.submit(wide())))
          .hasCauseInstanceOf(InvalidConfigException.class)
          .hasMessageContaining("train.trainers=3, all nodes together have 2");
      assertThatThrownBy(() -> get(service.submit(large())))
          .hasCauseInstanceOf(InvalidConfigException.class)
          .hasMessageContaining("memory must fit on the service's nodes: trainers=2, memoryMb=")
          .hasMessageContaining("for 0 trainers; take narrower layers, a smaller batch or fewer");
      SchedulerReply.Overview overview = get(node.overview());
      assertThat(overview.nodes().get(0).freeTrainers()).isZero();
      assertThat(overview.holding()).isEqualTo(2);
      for (RunStatus run : get(service.list(RunQuery.newest())).runs()) {
        get(service.cancel(run.run()));
      }
    }
  }

  @Test
  void id_thatNoRunCanHave_isRefused() throws Exception {
    try (ServiceNode node =
        ServiceNode.start(TestService.settings(directory), system -> new FakeLauncher(1))) {
      for (String id : List.of("", "..", "../x", "a/b", "a b", "x".repeat(101), ".hidden")) {
        // Given
        RunService service = node.service();

        // When, then
        assertThat(refusal(service.status(id))).isEqualTo(Reason.NO_SUCH_RUN);
        assertThat(refusal(service.cancel(id))).isEqualTo(Reason.NO_SUCH_RUN);
        assertThat(refusal(service.delete(id))).isEqualTo(Reason.NO_SUCH_RUN);
        assertThatThrownBy(() -> service.directory(id)).isInstanceOf(RefusedRequestException.class);
      }
    }
  }

  private static Submission large() {
    return new Submission(
        "data = digits\nmodel { kind = mlp, hidden = [10000, 10000] }\ntrain { trainers = 2, optimizer = adam }",
        "large.conf",
        List.of(),
        0,
        OptionalInt.empty(),
        Optional.empty());
  }

  private static Submission wide() {
    return new Submission(
        "data = digits\nmodel = lenet-300-100\ntrain { trainers = 3 }",
        "wide.conf",
        List.of(),
        0,
        OptionalInt.of(100),
        Optional.empty());
  }

  private static List<String> events(RunService service, String run) throws Exception {
    return get(service.history(run)).stream().map(LifecycleEntry::event).toList();
  }

  private static Reason refusal(CompletionStage<?> stage) {
    try {
      get(stage);
    } catch (Exception e) {
      if (e.getCause() instanceof RefusedRequestException refused) {
        return refused.reason();
      }
      throw new AssertionError("a refusal must be told as one", e);
    }
    throw new AssertionError("it must be refused");
  }
}
