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

/** Devices with texts: the server's tokens are theirs. */
final class TextDevicesTest {
  private static final String ROUNDS =
      "federation { kind = fedavg, rounds = 2, cohort = 2, quorum = 100%, deadline = 60s }\n";

  @TempDir private Path directory;

  @Test
  void devices_withTextsOfTheirOwn_learnItsNextCharacters() throws IOException {
    Path text = file("server.txt", "one two three four ".repeat(20));
    String recipe =
        """
        data = null, model = null
        data { kind = text, path = "%s", context = 8, batch-size = 4, test = 20%% }
        model { kind = char-lm, layers = 1, features = 8, heads = 2 }
        """
            .formatted(text);
    try (SampleHost sample = SampleHost.start(directory.resolve("run"), recipe + ROUNDS);
        EdgeDevice one =
            device(sample, "one", file("one", "two one ".repeat(12)), Optional.empty());
        EdgeDevice two = device(sample, "two", file("two", "four ".repeat(16)), Optional.empty())) {

      RunResult result = sample.await();

      assertThat(result).isInstanceOf(RunResult.Finished.class);
      assertThat(((RunResult.Finished) result).bitsPerCharacter().orElseThrow())
          .isBetween(0.5, 6.0);
      requireDelivered(sample, one, two);
    }
  }

  @Test
  void devices_withLabelledTexts_learnTheirClasses() throws IOException {
    Path texts = file("server.csv", "words,kind\n" + "one two,few\nthree four,many\n".repeat(10));
    String recipe =
        """
        data = null, model = null
        data { kind = labelled-text, path = "%s", text = words, label = kind, context = 12, batch-size = 2 }
        model { kind = text-classifier, layers = 1, features = 8, heads = 2 }
        """
            .formatted(texts);
    Path folders = directory.resolve("mails");
    for (String name : new String[] {"few/1", "few/2", "many/1"}) {
      Path mail = folders.resolve(name);
      Files.createDirectories(mail.getParent());
      Files.writeString(mail, name.startsWith("few") ? "two" : "four four");
    }
    Path rows = file("rows.csv", "id,kind,words\n1,few,one\n2,many,four\n3,few,two one\n");
    try (SampleHost sample = SampleHost.start(directory.resolve("run"), recipe + ROUNDS);
        EdgeDevice one = device(sample, "one", rows, Optional.of("kind"));
        EdgeDevice two = device(sample, "two", folders, Optional.empty())) {

      RunResult result = sample.await();

      assertThat(result).isInstanceOf(RunResult.Finished.class);
      assertThat(((RunResult.Finished) result).bitsPerCharacter()).isEmpty();
      requireDelivered(sample, one, two);
    }
  }

  private static void requireDelivered(SampleHost sample, EdgeDevice... devices) {
    for (EdgeDevice device : devices) {
      assertThat(device.await()).isInstanceOf(EdgeClient.Outcome.Finished.class);
      assertThat(device.all(ClientEvent.Delivered.class)).hasSize(2);
    }
    assertThat(sample.refusals()).isEmpty();
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private EdgeDevice device(SampleHost sample, String name, Path path, Optional<String> label)
      throws IOException {
    LocalData data =
        new LocalData(
            LocalSource.of(path.toString(), label, Optional.empty()),
            Optional.empty(),
            DataHome.of(directory));
    return new EdgeDevice(
        name,
        sample.host.address(),
        data,
        directory.resolve("device-" + name),
        OptionalLong.empty());
  }
}
