package io.espalier.federation.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.federation.client.ClientEvent;
import io.espalier.federation.client.EdgeClient;
import io.espalier.federation.protocol.Task;
import io.espalier.masks.MaskSet;
import io.espalier.telemetry.event.FederationEvent.ClientJoined;
import io.espalier.telemetry.event.FederationEvent.TierEvaluated;
import io.espalier.telemetry.event.FederationEvent.UpdateRefused;
import io.espalier.trainer.federated.NarrowNetwork;
import io.espalier.trainer.federated.NestedNetworks;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices whose memory holds a part of the network only, at a server with real connections. */
final class NarrowDevicesTest {
  private static final String FEDERATION =
      """
      federation { kind = fedavg, rounds = 3, cohort = 2, quorum = 100%, deadline = 60s
                   widths = [100%, 50%, 25%] }
      """;

  @TempDir private Path directory;

  @Test
  void device_withLittleMemory_trainsTheNetworkThatFits() throws IOException {
    try (SampleHost sample =
        SampleHost.start(
            directory.resolve("run"), FEDERATION.replace("}", ", encoding = int8 }"))) {
      // Given a device of any memory, and one whose memory holds half of the channels
      long half = sample.host.session().networks().at(.5).trainingBytes();
      try (EdgeDevice whole = device(sample, "whole", "1/2", OptionalLong.empty());
          EdgeDevice narrow = device(sample, "narrow", "2/2", OptionalLong.of(half))) {

        // When they train together
        RunResult result = sample.await();

        // Then each has had its width
        assertThat(result).isInstanceOf(RunResult.Finished.class);
        assertThat(whole.await()).isInstanceOf(EdgeClient.Outcome.Finished.class);
        assertThat(narrow.await()).isInstanceOf(EdgeClient.Outcome.Finished.class);
        assertThat(narrow.all(ClientEvent.Joined.class))
            .allSatisfy(joined -> assertThat(joined.width()).isEqualTo(.5));
        assertThat(narrow.all(ClientEvent.Delivered.class)).hasSize(3);
        assertThat(narrow.all(ClientEvent.Delivered.class).get(0).bytes())
            .isLessThan(whole.all(ClientEvent.Delivered.class).get(0).bytes());
        assertThat(sample.refusals()).isEmpty();
        assertThat(sample.events())
            .filteredOn(ClientJoined.class::isInstance)
            .extracting(event -> ((ClientJoined) event).width())
            .containsExactlyInAnyOrder(OptionalDouble.empty(), OptionalDouble.of(.5));
        assertThat(sample.events())
            .filteredOn(TierEvaluated.class::isInstance)
            .extracting(event -> ((TierEvaluated) event).width())
            .contains(OptionalDouble.empty(), OptionalDouble.of(.5));
      }
    }
  }

  private EdgeDevice device(SampleHost sample, String name, String part, OptionalLong memoryCap)
      throws IOException {
    return new EdgeDevice(
        name, sample.host.address(), part, 200, directory.resolve(name), memoryCap);
  }

  @Test
  void device_withTooLittleMemory_isRefusedWithBothNumbers() throws IOException {
    try (SampleHost sample = SampleHost.start(directory.resolve("run"), FEDERATION)) {
      long least = sample.host.session().networks().narrowest().trainingBytes();

      SampleClient tiny = sample.stranger("tiny");
      tiny.hello(1, least - 1);

      assertThat(tiny.next().getRefusal().getReason()).isEqualTo("too-little-memory");
      assertThat(sample.events())
          .filteredOn(UpdateRefused.class::isInstance)
          .singleElement()
          .extracting(event -> ((UpdateRefused) event).detail())
          .asString()
          .contains("memory-cap=%d bytes, needed=%d bytes, width=0.25".formatted(least - 1, least));
    }
  }

  @Test
  void result_ofAnotherWidth_isRefused() throws IOException {
    try (SampleHost sample = SampleHost.start(directory.resolve("run"), FEDERATION)) {
      // Given a client that was given half of the channels
      NestedNetworks networks = sample.host.session().networks();
      NarrowNetwork half = networks.at(.5);
      SampleClient narrow = sample.stranger("narrow", .5);
      narrow.attend(1, half.trainingBytes());
      SampleClient whole = sample.client("whole");
      Task task = narrow.task();
      MaskSet global = sample.host.session().course().model().masks().masks();
      byte[] own = narrow.result(half.slice().narrowed(global), .01f, SampleClient.EXAMPLES);
      byte[] others = whole.result(global, .01f, SampleClient.EXAMPLES);

      // When it sends the result of the whole network, by name or in disguise
      String named =
          narrow.upload(
              narrow.header(task, others).setLayoutDigest(networks.whole().layoutDigest()).build(),
              others);
      String disguised = narrow.upload(narrow.header(task, others).build(), others);

      // Then it is refused, and its own is not
      assertThat(task.getLayoutDigest()).isEqualTo(half.layoutDigest());
      assertThat(named).isEqualTo("wrong-layout");
      assertThat(disguised).isEqualTo("oversize");
      assertThat(narrow.upload(narrow.header(task, own).build(), own)).isEqualTo("accepted");
    }
  }
}
