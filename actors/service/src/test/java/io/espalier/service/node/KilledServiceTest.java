package io.espalier.service.node;

import static io.espalier.service.node.TestService.await;
import static io.espalier.service.node.TestService.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.service.LifecycleEntry;
import io.espalier.service.RunQuery;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process with a service is killed as {@code kill -9} does, and another goes on. */
@Tag("slow")
final class KilledServiceTest {
  private static final int KILLS = 3;
  private static final int PATIENCE_S = 120;

  @TempDir Path directory;

  /** A service that holds five runs, and says so. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws Exception {
      Path directory = Path.of(arguments[0]);
      ServiceNode node =
          ServiceNode.start(TestService.settings(directory), system -> new FakeLauncher(10));
      if (get(node.service().list(RunQuery.newest())).total() == 0) {
        TestService.submit(node.service(), "first", 400);
        String second = TestService.submit(node.service(), "second", 400);
        await(node.service(), second, RunState.RUNNING);
        String held = TestService.submit(node.service(), "held", 400);
        get(node.service().pause(held));
        String gone = TestService.submit(node.service(), "gone", 400);
        get(node.service().cancel(gone));
        TestService.submit(node.service(), "waiting", 3);
      }
      awaitSteps(node);
      Files.writeString(directory.resolve("ready"), "");
      Thread.sleep(TimeUnit.MINUTES.toMillis(2));
    }

    private static void awaitSteps(ServiceNode node) throws Exception {
      for (RunStatus status : get(node.service().list(RunQuery.newest())).runs()) {
        if (status.name().equals("first") || status.name().equals("second")) {
          await(
              node.service(),
              status.run(),
              now ->
                  now.state() == RunState.RUNNING
                      && now.reached().step() > status.reached().step() + 5);
        }
      }
    }
  }

  @Test
  void service_killedAgainAndAgain_losesNothing() throws Exception {
    // Given
    for (int kill = 0; kill < KILLS; kill++) {
      killOnceReady();
    }

    // When
    try (ServiceNode node =
        ServiceNode.start(TestService.settings(directory), system -> new FakeLauncher(1))) {
      // Then
      List<RunStatus> all = get(node.service().list(RunQuery.newest())).runs();
      assertThat(all).hasSize(5);
      RunStatus first = await(node.service(), named(all, "first"), RunState.FINISHED);
      assertThat(first.reached().step()).isEqualTo(400);
      assertThat(first.attempt().term()).isEqualTo(KILLS + 1);
      await(node.service(), named(all, "second"), RunState.FINISHED);
      await(node.service(), named(all, "waiting"), RunState.FINISHED);
      await(node.service(), named(all, "held"), RunState.PAUSED);
      await(node.service(), named(all, "gone"), RunState.CANCELLED);
      List<LifecycleEntry> history = get(node.service().history(first.run()));
      assertThat(history.stream().filter(entry -> entry.event().equals("interrupted")))
          .hasSize(KILLS);
    }
  }

  private static String named(List<RunStatus> all, String name) {
    return all.stream()
        .filter(status -> status.name().equals(name))
        .map(RunStatus::run)
        .findFirst()
        .orElseThrow();
  }

  private void killOnceReady() throws IOException, InterruptedException {
    Path ready = directory.resolve("ready");
    Files.deleteIfExists(ready);
    Path log = directory.resolve("child.log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    while (!Files.exists(ready)) {
      if (!process.isAlive() || System.nanoTime() > untilNs) {
        process.destroyForcibly();
        throw new AssertionError("the service must come so far: " + Files.readString(log));
      }
      Thread.sleep(10);
    }
    process.destroyForcibly().onExit().join();
  }
}
