package io.espalier.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.service.RunPage;
import io.espalier.service.RunQuery;
import io.espalier.service.RunState;
import io.espalier.service.client.ServiceClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real service whose queue is full is killed and comes up again. */
@Tag("slow")
class CrowdedQueueTest {
  private static final int QUEUED = 1_000;
  private static final int KILLS = 2;

  @TempDir private Path home;

  @Test
  void service_killedWithAFullQueue_comesUpWithAllRuns_andTrains() throws Exception {
    // Given
    Set<String> runs = new HashSet<>();
    ServiceProcess service = start();
    try {
      String first = submit(service, 0, "train.epochs=100000");
      service.await(first, status -> status.state() == RunState.RUNNING);
      String second = submit(service, 1, "train.epochs=1");
      runs.addAll(List.of(first, second));
      for (int i = 2; i <= QUEUED; i++) {
        runs.add(submit(service, i, "train.epochs=100000"));
      }

      for (int kill = 0; kill < KILLS; kill++) {
        // When
        service.kill();
        service = start();

        // Then
        assertThat(listed(service)).isEqualTo(runs);
        service.await(first, status -> status.state() == RunState.RUNNING);
      }
      service.client.act(first, ServiceClient.Action.CANCEL);
      service.await(second, status -> status.state() == RunState.FINISHED);
      assertThat(Files.readString(home.resolve("serve.log")))
          .doesNotContain("Stash buffer is full", "StackOverflowError");
    } finally {
      service.close();
    }
  }

  private ServiceProcess start() throws Exception {
    return ServiceProcess.start(home, "--trainers", "1");
  }

  private static String submit(ServiceProcess service, int number, String epochs)
      throws InterruptedException {
    return service.submit("digits", "key-" + number, epochs, "train.trainers=1");
  }

  private static Set<String> listed(ServiceProcess service) throws InterruptedException {
    Set<String> all = new HashSet<>();
    Optional<String> after = Optional.empty();
    do {
      RunPage page = service.client.list(new RunQuery(Set.of(), "", 500, after)).value();
      page.runs().forEach(status -> all.add(status.run()));
      after = page.next();
    } while (after.isPresent());
    return all;
  }
}
