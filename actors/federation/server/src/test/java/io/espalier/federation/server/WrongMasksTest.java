package io.espalier.federation.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.federation.client.ClientEvent;
import io.espalier.federation.client.ClientStateDirectory;
import io.espalier.federation.client.EdgeClient;
import io.espalier.federation.protocol.Payload;
import io.espalier.federation.protocol.Task;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.telemetry.event.FederationEvent.UpdateRefused;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices whose masks are not the server's of the version that they name. */
final class WrongMasksTest {
  private static final String FEDERATION =
      "federation { kind = fedavg, rounds = 2, cohort = 2, quorum = 100%, deadline = 60s }";

  @TempDir private Path directory;

  @Test
  void device_whoseDiskHasOtherMasks_isNoticedAndGetsTheRightOnes() throws Exception {
    try (SampleHost sample = SampleHost.start(directory.resolve("run"), FEDERATION)) {
      // Given a device that has reported, and whose masks are replaced by others of their version
      SampleClient partner = sample.client("partner");
      try (EdgeDevice device = device(sample)) {
        TestGateway.until(() -> !device.all(ClientEvent.Delivered.class).isEmpty());
      }
      MaskSet right = sample.host.session().course().model().masks().masks();
      try (ClientStateDirectory disk = ClientStateDirectory.open(directory.resolve("device"))) {
        assertThat(disk.masks(right.layout(), right.parameters())).contains(right);
        disk.keep(shifted(right));
      }

      // When it comes back for the next round
      report(partner, right);
      try (EdgeDevice device = device(sample)) {
        report(partner, right);
        RunResult result = sample.await();

        // Then it trained under the server's masks
        assertThat(result).isInstanceOf(RunResult.Finished.class);
        assertThat(device.await()).isInstanceOf(EdgeClient.Outcome.Finished.class);
        assertThat(device.all(ClientEvent.WorkDone.class)).hasSize(1);
      }
      assertThat(sample.refusals()).containsExactly("wrong-masks");
      assertThat(sample.events())
          .filteredOn(UpdateRefused.class::isInstance)
          .extracting(event -> ((UpdateRefused) event).detail())
          .first()
          .asString()
          .contains("digest=" + shifted(right).digest(), "expected=" + right.digest());
      try (ClientStateDirectory disk = ClientStateDirectory.open(directory.resolve("device"))) {
        assertThat(disk.masks(right.layout(), right.parameters())).contains(right);
      }
    }
  }

  private EdgeDevice device(SampleHost sample) throws IOException {
    return new EdgeDevice("device", sample.host.address(), "1/2", 200, directory.resolve("device"));
  }

  private static void report(SampleClient client, MaskSet holds) {
    byte[] result = client.result(holds, .01f, SampleClient.EXAMPLES);
    assertThat(client.upload(client.header(client.task(), result).build(), result))
        .isEqualTo("accepted");
  }

  /** As many units of each parameter, each the next one. */
  private static MaskSet shifted(MaskSet masks) {
    List<Mask> all =
        masks.masks().stream()
            .map(mask -> Mask.of(mask.size(), unit -> mask.isKept((unit + 1) % mask.size())))
            .toList();
    return MaskSet.of(masks.version(), masks.layout(), masks.parameters(), all);
  }

  @Test
  void masks_areSentAsTheReadyHasThem() throws IOException {
    try (SampleHost sample = SampleHost.start(directory.resolve("run"), FEDERATION)) {
      // Given clients of this version, right and wrong, and one of before the digest
      MaskSet masks = sample.host.session().course().model().masks().masks();
      SampleClient right = sample.stranger("right");
      SampleClient earlier = sample.stranger("earlier");

      // When they say what they hold
      right.attend(masks.version().number(), masks.digest());
      earlier.attend(masks.version().number(), "");

      // Then masks that are right, or that nothing is known of, are not sent again
      Task task = right.task();
      assertThat(roles(task)).doesNotContain(Payload.Role.MASKS, Payload.Role.MASK_DELTA);
      assertThat(roles(earlier.task())).isEqualTo(roles(task));
      assertThat(task.getMaskDigest()).isEqualTo(masks.digest());
      assertThat(sample.refusals()).isEmpty();

      // And one that comes back with others gets them in full
      SampleClient restored = sample.stranger("right");
      restored.attend(masks.version().number(), shifted(masks).digest());
      assertThat(roles(restored.task())).contains(Payload.Role.MASKS);
      assertThat(sample.refusals()).containsExactly("wrong-masks");
    }
  }

  private static List<Payload.Role> roles(Task task) {
    return task.getPayloadsList().stream().map(Payload::getRole).toList();
  }
}
