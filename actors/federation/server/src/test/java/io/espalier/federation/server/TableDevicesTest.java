package io.espalier.federation.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.federation.client.ClientEvent;
import io.espalier.federation.client.EdgeClient;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.federated.LocalData;
import io.espalier.trainer.federated.LocalSource;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices with tables of text and gaps: the server's encoding is theirs. */
final class TableDevicesTest {
  private static final String SERVER =
      """
      size,colour,kind
      1,red,a
      2,,b
      ,blue,a
      4,red,b
      5,blue,a
      6,red,b
      7,blue,a
      8,blue,b
      9,red,a
      10,red,b
      """;

  @TempDir private Path directory;

  @Test
  void devices_withRawTables_trainInTheServersEncoding() throws IOException {
    Path table = Files.writeString(directory.resolve("server.csv"), SERVER);
    String recipe =
        """
        data { kind = csv, path = "%s", label = kind, batch-size = 2 }
        federation { kind = fedavg, rounds = 2, cohort = 2, quorum = 100%%, deadline = 60s }
        """
            .formatted(table);
    try (SampleHost sample = SampleHost.start(directory.resolve("run"), recipe);
        // Given a device that knows one colour only, and one with a colour that the server lacks
        EdgeDevice one = device(sample, "one", "colour;size;kind\nred;3;a\nred;;b\nred;4;a\n");
        EdgeDevice two = device(sample, "two", "kind,size,colour\nb,1,green\nb,2,blue\na,NA,?\n")) {

      // When they train together
      RunResult result = sample.await();

      // Then both have delivered each round
      assertThat(result).isInstanceOf(RunResult.Finished.class);
      assertThat(one.await()).isInstanceOf(EdgeClient.Outcome.Finished.class);
      assertThat(two.await()).isInstanceOf(EdgeClient.Outcome.Finished.class);
      assertThat(one.all(ClientEvent.Delivered.class)).hasSize(2);
      assertThat(two.all(ClientEvent.Delivered.class)).hasSize(2);
      assertThat(sample.refusals()).isEmpty();
    }
  }

  private EdgeDevice device(SampleHost sample, String name, String table) throws IOException {
    Path file = Files.writeString(directory.resolve(name + ".csv"), table);
    LocalData data =
        new LocalData(
            LocalSource.of(file.toString(), Optional.of("kind"), Optional.empty()),
            Optional.empty(),
            DataHome.of(directory));
    return new EdgeDevice(
        name, sample.host.address(), data, directory.resolve(name), OptionalLong.empty());
  }
}
