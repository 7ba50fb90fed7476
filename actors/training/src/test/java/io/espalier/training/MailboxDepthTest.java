package io.espalier.training;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Adapter;
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
  void below_actorThatIsBusy_countsWhatWaitsForIt() {
    ActorRef<String> busy = busy();

    busy.tell("first");
    probe.expectMessage("took first");
    busy.tell("second");
    busy.tell("third");

    assertThat(depth(busy)).isEqualTo(2);
    release.countDown();
    probe.expectMessage("took second");
    probe.expectMessage("took third");
    assertThat(depth(busy)).isZero();
  }

  @Test
  void below_otherParentOrEndedActor_countsNothing() {
    ActorRef<String> busy = busy();
    busy.tell("first");
    probe.expectMessage("took first");
    busy.tell("second");

    long elsewhere =
        MailboxDepth.of(Adapter.toClassic(actors.system())).below(probe.getRef().path());
    actors.stop(withRelease(busy));

    assertThat(elsewhere).isZero();
    assertThat(depth(busy)).isZero();
  }

  private ActorRef<String> withRelease(ActorRef<String> actor) {
    release.countDown();
    return actor;
  }

  private ActorRef<String> busy() {
    return actors.spawn(
        Behaviors.receiveMessage(
            message -> {
              probe.getRef().tell("took " + message);
              release.await();
              return Behaviors.same();
            }),
        CountedMailbox.pinned());
  }

  private long depth(ActorRef<String> actor) {
    return MailboxDepth.of(Adapter.toClassic(actors.system())).below(actor.path().parent());
  }
}
