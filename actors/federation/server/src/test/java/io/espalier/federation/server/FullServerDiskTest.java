package io.espalier.federation.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.federation.client.LinkLostException;
import io.espalier.federation.protocol.Task;
import io.espalier.federation.protocol.UploadHeader;
import io.espalier.masks.MaskSet;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.training.RunResult;
import io.espalier.training.run.SmallDisk;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk of a federation's server is full in the middle of a round. */
final class FullServerDiskTest {
  private static final String FEDERATION =
      "federation { kind = fedavg, rounds = 1, cohort = 2, quorum = 100%, deadline = 60s }";

  @TempDir private Path directory;
  private SmallDisk disk;

  @BeforeEach
  void mount() throws Exception {
    disk = SmallDisk.mount(directory.resolve("disk"), 4_096);
  }

  @AfterEach
  void unmount() throws Exception {
    if (disk != null) {
      disk.unmount();
    }
  }

  @Test
  void disk_fullInMidRound_failsWithTheCauseAndResumesWithWhatWasAccepted() throws Exception {
    // Given
    Path run = directory.resolve("disk/run");
    UploadHeader accepted;
    byte[] first;
    byte[] second;
    try (SampleHost sample = SampleHost.start(run, FEDERATION)) {
      SampleClient anna = sample.client("anna");
      SampleClient berta = sample.client("berta");
      MaskSet holds = sample.host.session().course().model().masks().masks();
      first = anna.result(holds, .01f, SampleClient.EXAMPLES);
      second = berta.result(holds, .02f, SampleClient.EXAMPLES);
      accepted = anna.header(anna.task(), first).build();
      assertThat(anna.upload(accepted, first)).isEqualTo("accepted");
      Task task = berta.task();

      // When
      disk.fill();

      // Then
      assertThatThrownBy(() -> berta.upload(berta.header(task, second).build(), second))
          .as("a result that cannot be kept is not accepted")
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(LinkLostException.class);
      assertThatThrownBy(() -> refuseUntilTheOutboxIsFull(anna, accepted, first))
          .as("who waits for an answer of the server that fails")
          .hasCauseInstanceOf(LinkLostException.class);
      assertThat(((RunResult.Failed) sample.await()).cause())
          .contains("the outbox must be writable", "No space left on device");
    }
    disk.free();
    try (SampleHost sample = SampleHost.resume(run, FEDERATION)) {
      SampleClient anna = sample.client("anna");
      SampleClient berta = sample.client("berta");
      Task task = berta.task();
      assertThat(anna.upload(accepted, first)).isEqualTo("duplicate");
      assertThat(berta.upload(berta.header(task, second).build(), second)).isEqualTo("accepted");
      assertThat(sample.await()).isInstanceOf(RunResult.Finished.class);
      assertThat(sample.events())
          .filteredOn(RoundCompleted.class::isInstance)
          .extracting(event -> ((RoundCompleted) event).reported())
          .containsExactly(2);
    }
  }

  /** Each refusal is recorded in the outbox, whose last page on the disk has room for some. */
  private static void refuseUntilTheOutboxIsFull(
      SampleClient client, UploadHeader header, byte[] result) {
    UploadHeader stale = header.toBuilder().setRound("0").build();
    for (int i = 0; i < 1_000; i++) {
      assertThat(client.upload(stale, result)).isEqualTo("stale-round");
    }
  }
}
