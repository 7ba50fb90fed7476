package io.espalier.service.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.espalier.configs.InvalidConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterSettingsTest {
  @TempDir private Path directory;

  @Test
  void read_wholeFile_becomesAnOverlay() throws IOException {
    // Given
    Path file = write("");

    // When
    ClusterSettings settings = ClusterSettings.read(file);
    Config overlay = settings.overlay();

    // Then
    assertThat(settings.journal().password()).isEqualTo("secret");
    assertThat(settings.toString()).doesNotContain("secret");
    assertThat(overlay.getString("akka.remote.artery.canonical.hostname")).isEqualTo("10.0.0.1");
    assertThat(overlay.getInt("akka.remote.artery.canonical.port")).isEqualTo(25520);
    assertThat(overlay.getStringList("akka.cluster.seed-nodes"))
        .containsExactly("akka://espalier@10.0.0.1:25520", "akka://espalier@10.0.0.2:25520");
    assertThat(overlay.getStringList("akka.cluster.roles")).containsExactly("name:n1", "trainer");
    assertThat(overlay.getString("akka.remote.artery.transport")).isEqualTo("tls-tcp");
  }

  /**
   * A busy machine keeps heartbeats for seconds, and parts must be noticed before they are judged.
   */
  @Test
  void overlay_timesOfTheFailureDetector_surviveABusyMachine() throws IOException {
    Config cluster =
        ClusterSettings.read(write(""))
            .overlay()
            .withFallback(ConfigFactory.parseResources("service.conf"))
            .withFallback(ConfigFactory.load())
            .resolve();

    Duration pause =
        cluster.getDuration("akka.cluster.failure-detector.acceptable-heartbeat-pause");
    Duration interval = cluster.getDuration("akka.cluster.failure-detector.heartbeat-interval");
    Duration stable = cluster.getDuration("akka.cluster.split-brain-resolver.stable-after");
    Duration unstable =
        cluster.getDuration("akka.cluster.split-brain-resolver.down-all-when-unstable");
    assertThat(pause).isGreaterThanOrEqualTo(Duration.ofSeconds(15));
    assertThat(stable).isGreaterThanOrEqualTo(interval.multipliedBy(5));
    assertThat(unstable).isGreaterThan(pause);
    assertThat(cluster.getDuration("akka.remote.artery.bind.bind-timeout"))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(30));
    for (String key :
        List.of(
            "akka.cluster.use-dispatcher",
            "akka.remote.artery.advanced.use-control-stream-dispatcher")) {
      String dispatcher = cluster.getString(key);
      assertThat(dispatcher)
          .isNotIn("akka.actor.default-dispatcher", "akka.actor.internal-dispatcher");
      assertThat(cluster.hasPath(dispatcher + ".type")).as(dispatcher).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "roles = [boss],roles",
    "artery = nowhere,artery",
    "seeds = [],seeds",
    "runs = relative,runs",
    "extra = 1,extra",
    "node = \"a b\",node"
  })
  void read_brokenRule_isRefusedNamingIt(String line, String key) throws IOException {
    // Given
    Path file = write(line);

    // When Then
    assertThatThrownBy(() -> ClusterSettings.read(file))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(key);
  }

  private Path write(String more) throws IOException {
    Files.writeString(directory.resolve("password"), "secret\n");
    return Files.writeString(
        directory.resolve("cluster.conf"),
        """
        node = n1
        artery = "10.0.0.1:25520"
        seeds = ["10.0.0.1:25520", "10.0.0.2:25520"]
        roles = [trainer]
        aeron = "10.0.0.1:25521"
        certificates = /etc/espalier/node
        journal { url = "jdbc:postgresql://db:5432/espalier", user = espalier, password-file = "%s" }
        runs = /shared/runs
        %s
        """
            .formatted(directory.resolve("password"), more));
  }
}
