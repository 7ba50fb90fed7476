package io.espalier.service.node;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node with an actor that does not end. */
final class StuckShutdownTest {
  private static final String SHORT =
      "akka.coordinated-shutdown.phases.actor-system-terminate.timeout = 1s";

  @TempDir private Path directory;

  @Test
  void end_whichAnActorDelays_isKnownWhenTheShutdownHasRunOutOfTime() throws Exception {
    var released = new CountDownLatch(1);
    ServiceSettings settings =
        TestService.settings(directory).withOverlay(ConfigFactory.parseString(SHORT));
    try (ServiceNode node = ServiceNode.start(settings, system -> new FakeLauncher(1))) {
      node.system().systemActorOf(stuck(released), "stuck", Props.empty());

      node.system().terminate();

      TestService.get(node.ended());
      assertThat(node.system().getWhenTerminated().toCompletableFuture()).isNotDone();
      released.countDown();
    } finally {
      released.countDown();
    }
  }

  private static Behavior<String> stuck(CountDownLatch released) {
    return Behaviors.receive(String.class)
        .onSignal(
            PostStop.class,
            signal -> {
              released.await();
              return Behaviors.same();
            })
        .build();
  }
}
