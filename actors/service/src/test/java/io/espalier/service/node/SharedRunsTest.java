package io.espalier.service.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.espalier.service.ServiceStartException;
import io.espalier.service.journal.Journal;
import io.espalier.service.run.NodeOffer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
final class SharedRunsTest {
  @TempDir private Path directory;

  @Test
  void require_emptyDirectoryOfAClusterThatHasRun_isRefused() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
        Journal journal = Journal.open(shared(postgres))) {
      // Given
      Path mounted = Files.createDirectory(directory.resolve("mounted"));
      Path empty = Files.createDirectory(directory.resolve("empty"));
      SharedRuns.require(mounted, journal);

      // When
      SharedRuns.require(mounted, journal);

      // Then
      assertThatThrownBy(() -> SharedRuns.require(empty, journal))
          .isInstanceOf(ServiceStartException.class)
          .hasMessageContainingAll("runs=" + empty, "id in .espalier-cluster=none", "mount");
      assertThat(files(empty)).isEmpty();
      assertThat(files(mounted)).containsExactly(".espalier-cluster");
    }
  }

  @Test
  void require_manyNodesAtOnce_agreeOnOneId() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
        Journal journal = Journal.open(shared(postgres))) {
      // Given
      Path runs = Files.createDirectory(directory.resolve("runs"));

      // When
      CompletableFuture<?>[] nodes =
          IntStream.range(0, 8)
              .mapToObj(node -> CompletableFuture.runAsync(() -> SharedRuns.require(runs, journal)))
              .toArray(CompletableFuture<?>[]::new);
      CompletableFuture.allOf(nodes).join();

      // Then
      assertThat(journal.clusterId()).contains(Files.readString(runs.resolve(SharedRuns.ID)));
      assertThat(files(runs)).containsExactly(SharedRuns.ID);
    }
  }

  @Test
  void start_ofAClusterWithoutTheDirectory_isRefusedAndMakesNone() {
    // Given
    Path runs = directory.resolve("not-mounted");
    ServiceSettings settings =
        ServiceSettings.of(directory.resolve("n1"), NodeOffer.of("n1", 2, 2_048, List.of()))
            .withRuns(runs)
            .withOverlay(
                ConfigFactory.parseString(
                    "akka.cluster.seed-nodes = [\"akka://espalier@127.0.0.1:1\"]"));

    // When, then
    assertThatThrownBy(() -> ServiceNode.start(settings, system -> new FakeLauncher(1)))
        .isInstanceOf(ServiceStartException.class)
        .hasMessageContainingAll("runs=" + runs, "mount it");
    assertThat(runs).doesNotExist();
  }

  private static Journal.Shared shared(EmbeddedPostgres postgres) {
    return new Journal.Shared(
        postgres.getJdbcUrl("postgres", "postgres").replaceAll("\\?.*", ""), "postgres", "x");
  }

  private static List<String> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
