package io.espalier.service.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.espalier.service.LifecycleEntry;
import io.espalier.service.RunService;
import io.espalier.service.RunState;
import io.espalier.service.Submission;
import io.espalier.service.run.NodeLauncher;
import io.espalier.training.run.BrokerLease;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real run that reaches no sync while its service stops. */
final class OverrunShutdownTest {
  private static final String SHORT = "akka.coordinated-shutdown.phases.service-stop.timeout = 20s";

  /** No sync before the end, which is far away. */
  private static final String RECIPE =
      """
      name = endless
      data = digits
      model = mlp
      prune { sparsity = 50%, schedule = constant }
      train { epochs = 1000000, trainers = 1, sync-every = 1000000, evaluate-every = none
              checkpoint-every = 1000000 }
      """;

  @TempDir private Path directory;

  @Test
  void run_withoutTimeForACheckpoint_isNeitherFailedNorCancelled_andGoesOn() throws Exception {
    // Given
    ServiceSettings settings =
        TestService.settings(directory.resolve("service"))
            .withOverlay(ConfigFactory.parseString(SHORT));
    String run;
    try (BrokerLease broker = new BrokerLease(directory, Optional.empty())) {
      try (ServiceNode node =
          ServiceNode.start(
              settings,
              system ->
                  new NodeLauncher(
                      new NodeLauncher.Settings(
                          directory, system, broker, Optional.empty(), Optional.empty())))) {
        RunService service = node.service();
        run = TestService.get(service.submit(submission())).status().run();
        TestService.await(service, run, RunState.RUNNING);
        // When: the node closes
      }
    }

    // Then
    Path files = settings.runs().resolve(run);
    assertThat(Files.readAllLines(files.resolve("events.jsonl")))
        .filteredOn(line -> line.contains("run.stopped") || line.contains("run.failed"))
        .singleElement()
        .asString()
        .contains("the service was stopped, and the run reached no checkpoint within 10 s");
    assertThat(files.resolve("run.log"))
        .content()
        .contains("interrupted after step 0: the service was stopped")
        .doesNotContain("failed after", "cancelled");
    try (ServiceNode next =
        ServiceNode.start(
            TestService.settings(directory.resolve("service")), system -> new FakeLauncher(1))) {
      List<LifecycleEntry> history = TestService.get(next.service().history(run));
      assertThat(history)
          .filteredOn(entry -> entry.event().equals("interrupted"))
          .singleElement()
          .satisfies(
              entry ->
                  assertThat(entry.detail())
                      .contains("the service was stopped, and the run reached no checkpoint"));
      TestService.await(next.service(), run, status -> status.attempt().term() == 2);
      TestService.get(next.service().cancel(run));
      TestService.await(next.service(), run, RunState.CANCELLED);
    }
  }

  private static Submission submission() {
    return new Submission(
        RECIPE, "endless.conf", List.of(), 0, OptionalInt.empty(), Optional.empty());
  }
}
