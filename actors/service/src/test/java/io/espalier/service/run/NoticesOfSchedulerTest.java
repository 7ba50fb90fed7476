package io.espalier.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.espalier.service.RunAlert;
import io.espalier.service.RunState;
import io.espalier.service.notice.Notice;
import io.espalier.service.notice.NoticeEvent;
import io.espalier.service.notice.NoticeMeters;
import io.espalier.service.notice.NoticeParts;
import io.espalier.service.notice.NoticeSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class NoticesOfSchedulerTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<Notice> sent = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> answer = new CompletableFuture<>();
  private SchedulerStage stage;
  private TestProbe<RunEntity.Command> entity;
  private ActorRef<Scheduler.Command> scheduler;
  private String run = "";

  @BeforeEach
  void start() {
    stage = SchedulerStage.underRealTime();
    entity = stage.kit().createTestProbe();
    scheduler = stage.scheduler(id -> entity.ref(), SchedulerStage.CLEAN, 10, 1, notices());
    stage.submit(scheduler);
    run = stage.runs(scheduler).get(0);
  }

  @AfterEach
  void stop() {
    stage.close();
  }

  @Test
  void alert_reportedAgain_isOwedOnce() {
    // Given
    answer.complete(null);
    Scheduler.Reported report = report(RunState.RUNNING, 1);

    // When
    scheduler.tell(report);
    awaitAcknowledged(report);
    scheduler.tell(report);
    awaitAcknowledged(report);

    // Then
    entity.awaitAssert(
        SchedulerStage.PATIENCE,
        () -> {
          assertThat(count("delivered")).isEqualTo(1);
          return null;
        });
    assertThat(sent).extracting(Notice::id).containsExactly(run + "/1/alert/0");
  }

  @Test
  void end_reportedWithAnAlert_isOwedBesideIt() {
    // Given
    answer.complete(null);

    // When
    scheduler.tell(report(RunState.FAILED, 1));

    // Then
    entity.awaitAssert(
        SchedulerStage.PATIENCE,
        () -> {
          assertThat(count("delivered")).isEqualTo(2);
          return null;
        });
    assertThat(sent).extracting(Notice::id).containsExactly(run + "/1/alert/0", run + "/1/failed");
  }

  @Test
  void notices_beyondTheMost_areDropped_andTheRunGoesOn() {
    // Given
    Scheduler.Reported report = report(RunState.RUNNING, 1_001);

    // When
    scheduler.tell(report);

    // Then
    awaitAcknowledged(report);
    assertThat(count("dropped")).isEqualTo(1);
    scheduler.tell(report(RunState.FINISHED, 0));
    awaitAcknowledged(report(RunState.FINISHED, 0));
    assertThat(count("dropped")).isEqualTo(2);
  }

  private void awaitAcknowledged(Scheduler.Reported report) {
    entity.fishForMessage(
        SchedulerStage.PATIENCE,
        message ->
            message.equals(RunEntity.Acknowledge.of(report))
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
  }

  private Scheduler.Reported report(RunState state, int alerts) {
    Scheduler.Reported plain =
        SchedulerStage.attempted(run, state, List.of(new TrainersOnNode("n1", 1)), entity.ref());
    return new Scheduler.Reported(
        plain.status(),
        plain.revision(),
        plain.ahead(),
        plain.trainers(),
        plain.host(),
        plain.from(),
        plain.notYet(),
        IntStream.range(0, alerts)
            .mapToObj(number -> new RunAlert("1/alert/" + number, "dead-units", 5, "text"))
            .toList());
  }

  private NoticeParts notices() {
    NoticeSettings.Mail mail =
        new NoticeSettings.Mail(
            "mx",
            25,
            NoticeSettings.Security.NONE,
            Optional.empty(),
            "a@example.org",
            List.of("b@example.org"),
            Optional.empty());
    Set<NoticeEvent> all = Set.of(NoticeEvent.FINISHED, NoticeEvent.FAILED, NoticeEvent.ALERT);
    return new NoticeParts(
        new NoticeSettings(
            List.of(new NoticeSettings.Destination("ops", all, mail)),
            Optional.empty(),
            NoticeSettings.Retry.DEFAULT),
        Map.of(
            "ops",
            notice -> {
              sent.add(notice);
              return answer;
            }),
        new NoticeMeters(registry, List.of("ops")),
        text -> text,
        Clock.systemUTC());
  }

  private int count(String what) {
    return (int) registry.get("espalier.notices." + what).counter().count();
  }
}
