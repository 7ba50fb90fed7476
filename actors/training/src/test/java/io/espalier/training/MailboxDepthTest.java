package io.espalier.training;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MailboxDepthTest {
  private final ActorTestKit actors = ActorTestKit.create(ConfigFactory.load());
  private final CountDownLatch release = new CountDownLatch(1);
  private final TestProbe<String> probe = actors.createTestProbe();

  @AfterEach
  void stop() {
    release.countDown();
    actors.shutdownTestKit();
  }

  @Test
  void below_parentOfBusyActor_countsItsWaitingMessages() {
    // Given
    ActorRef<String> parent = actors.spawn(parent());
    parent.tell("first");
    probe.expectMessage("took first");

    // When
    parent.tell("second");
    parent.tell("third");
    probe.awaitAssert(() -> depth(parent, 2));
    release.countDown();

    // Then
    probe.expectMessage("took second");
    probe.expectMessage("took third");
    assertThat(MailboxDepth.below(parent)).isZero();
  }

  @Test
  void below_actorSystem_countsMessagesOfTheGuardiansChildren() {
    // Given
    ActorSystem<String> system = ActorSystem.create(parent(), "own", ConfigFactory.load());
    system.tell("first");
    probe.expectMessage("took first");

    // When
    system.tell("second");

    // Then
    probe.awaitAssert(() -> depth(system, 1));
    release.countDown();
    system.terminate();
  }

  @Test
  void below_otherParentOrEndedActor_isZero() {
    // Given
    ActorRef<String> parent = actors.spawn(parent());
    parent.tell("first");
    probe.expectMessage("took first");
    parent.tell("second");

    // When
    long elsewhere = MailboxDepth.below(probe.getRef());
    release.countDown();
    actors.stop(parent);

    // Then
    assertThat(elsewhere).isZero();
    assertThat(MailboxDepth.below(parent)).isZero();
  }

  private static long depth(ActorRef<String> parent, long expected) {
    assertThat(MailboxDepth.below(parent)).isEqualTo(expected);
    return expected;
  }

  /** Passes messages on to a child that keeps its thread until it is released. */
  private Behavior<String> parent() {
    return Behaviors.setup(
        context -> {
          ActorRef<String> child = context.spawn(busy(), "child", RestartPolicy.PINNED);
          return Behaviors.receiveMessage(
              message -> {
                child.tell(message);
                return Behaviors.same();
              });
        });
  }

  private Behavior<String> busy() {
    return Behaviors.receiveMessage(
        message -> {
          probe.getRef().tell("took " + message);
          release.await();
          return Behaviors.same();
        });
  }
}
