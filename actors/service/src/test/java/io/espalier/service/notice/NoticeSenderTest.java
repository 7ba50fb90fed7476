package io.espalier.service.notice;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.espalier.service.RunAlert;
import io.espalier.service.RunState;
import io.espalier.service.notice.NoticeSettings.Retry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class NoticeSenderTest {
  private static final Retry RETRY =
      new Retry(Duration.ofSeconds(2), Duration.ofSeconds(8), Duration.ofHours(1), 4);
  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final TestProbe<Sent> sent = KIT.createTestProbe();
  private final TestProbe<String> settled = KIT.createTestProbe();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private Instant now = NoticeSamples.TIME;

  /** A notice at a destination, which waits for its answer. */
  private record Sent(Notice notice, CompletableFuture<Void> answer) {}

  @AfterAll
  static void end() {
    KIT.shutdownTestKit();
  }

  @Test
  void destination_thatFails_isTriedAgainAfterWaitsThatDouble() {
    // Given
    ActorRef<NoticeSender.Command> sender = sender();
    sender.tell(new NoticeSender.Deliver(alert(1), "ops"));

    // When
    List<Long> waits = List.of(2L, 4L, 8L);
    for (long wait : waits) {
      fail(sent.receiveMessage(PATIENCE));
      awaitCount("failed", waits.indexOf(wait) + 1);
      TIME.expectNoMessageFor(Duration.ofSeconds(wait).minusMillis(50), sent);
      TIME.timePasses(Duration.ofMillis(100));
    }
    sent.receiveMessage(PATIENCE).answer().complete(null);

    // Then
    assertThat(settled.receiveMessage(PATIENCE)).isEqualTo(alert(1).id() + " ops");
    assertThat(count("delivered")).isEqualTo(1);
    assertThat(count("failed")).isEqualTo(3);
    assertThat(count("dropped")).isZero();
  }

  @Test
  void notice_thatIsRefused_doesNotHoldUpOthers() {
    // Given
    ActorRef<NoticeSender.Command> sender = sender();
    sender.tell(new NoticeSender.Deliver(alert(1), "ops"));
    sender.tell(new NoticeSender.Deliver(alert(2), "ops"));

    // When
    Sent first = sent.receiveMessage(PATIENCE);
    sent.expectNoMessage(Duration.ZERO);
    fail(first);
    awaitCount("failed", 1);
    TIME.timePasses(Duration.ofSeconds(3));
    Sent second = sent.receiveMessage(PATIENCE);
    second.answer().complete(null);
    Sent third = sent.receiveMessage(PATIENCE);

    // Then
    assertThat(List.of(first.notice(), second.notice(), third.notice()))
        .containsExactly(alert(1), alert(2), alert(1));
  }

  @Test
  void notice_afterItsLastAttempt_isDropped() {
    // Given
    ActorRef<NoticeSender.Command> sender = sender();
    sender.tell(new NoticeSender.Deliver(alert(1), "ops"));

    // When
    for (int attempt = 1; attempt <= RETRY.attempts(); attempt++) {
      fail(sent.receiveMessage(PATIENCE));
      awaitCount("failed", attempt);
      TIME.timePasses(Duration.ofSeconds(10));
    }

    // Then
    assertThat(settled.receiveMessage(PATIENCE)).isEqualTo(alert(1).id() + " ops");
    assertThat(count("dropped")).isEqualTo(1);
    sent.expectNoMessage(Duration.ZERO);
  }

  @Test
  void notice_thatIsOld_getsOneAttempt() {
    // Given
    now = NoticeSamples.TIME.plus(RETRY.giveUpAfter());
    ActorRef<NoticeSender.Command> sender = sender();
    sender.tell(new NoticeSender.Deliver(alert(1), "ops"));

    // When
    fail(sent.receiveMessage(PATIENCE));

    // Then
    assertThat(settled.receiveMessage(PATIENCE)).isEqualTo(alert(1).id() + " ops");
    assertThat(count("dropped")).isEqualTo(1);
  }

  @Test
  void destination_thatIsNotConfiguredAnyMore_isSettled() {
    ActorRef<NoticeSender.Command> sender = sender();

    sender.tell(new NoticeSender.Deliver(alert(1), "gone"));

    assertThat(settled.receiveMessage(PATIENCE)).isEqualTo(alert(1).id() + " gone");
  }

  @Test
  void end_ofASender_leavesNothingOwedHere() {
    ActorRef<NoticeSender.Command> sender = sender();
    sender.tell(new NoticeSender.Deliver(alert(1), "ops"));
    sender.tell(new NoticeSender.Deliver(alert(2), "ops"));
    sent.receiveMessage(PATIENCE);
    settled.awaitAssert(PATIENCE, () -> assertOwed(2));

    KIT.stop(sender);

    settled.awaitAssert(PATIENCE, () -> assertOwed(0));
  }

  private Void assertOwed(int count) {
    assertThat(registry.get("espalier.notices.owed").gauge().value()).isEqualTo(count);
    return null;
  }

  private ActorRef<NoticeSender.Command> sender() {
    NoticeTransport transport = this::take;
    return KIT.spawn(
        NoticeSender.create(
            new NoticeParts(
                new NoticeSettings(List.of(), Optional.empty(), RETRY),
                Map.of("ops", transport),
                new NoticeMeters(registry, List.of("ops")),
                text -> text,
                () -> now),
            (notice, destination) -> settled.ref().tell(notice + " " + destination)));
  }

  private CompletionStage<Void> take(Notice notice) {
    CompletableFuture<Void> answer = new CompletableFuture<>();
    sent.ref().tell(new Sent(notice, answer));
    return answer;
  }

  private static void fail(Sent sent) {
    sent.answer().completeExceptionally(new DeliveryException("status=500"));
  }

  private static Notice alert(int number) {
    return Notice.ofAlert(
        NoticeSamples.run("pear", RunState.RUNNING, Optional.empty()),
        new RunAlert("1/alert/" + number, "dead-units", 4, "text"),
        NoticeSamples.TIME);
  }

  private void awaitCount(String what, int count) {
    settled.awaitAssert(
        PATIENCE,
        () -> {
          assertThat(count(what)).isEqualTo(count);
          return null;
        });
  }

  private int count(String what) {
    return (int) registry.get("espalier.notices." + what).counter().count();
  }
}
