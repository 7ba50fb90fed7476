package io.espalier.federation.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.federation.client.LinkLostException;
import io.espalier.federation.protocol.UploadHeader;
import io.espalier.masks.MaskSet;
import io.espalier.telemetry.event.RunEvent.RunStopped;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients receive from a server whose run is over while its gateway still listens. */
final class EndedServerTest {
  private static final String FEDERATION =
      "federation { kind = fedavg, rounds = 2, cohort = 1, deadline = 60s }";

  @TempDir private Path directory;

  @Test
  void client_afterTheEnd_isAnsweredAndKeepsItsResult() throws IOException {
    try (SampleHost sample = SampleHost.start(directory.resolve("run"), FEDERATION)) {
      // Given
      SampleClient anna = sample.client("anna");
      MaskSet holds = sample.host.session().course().model().masks().masks();
      byte[] result = anna.result(holds, .01f, SampleClient.EXAMPLES);
      UploadHeader header = anna.header(anna.task(), result).build();

      // When
      sample.host.pause();
      RunResult end = sample.await();

      // Then
      assertThat(end).isInstanceOf(RunResult.Paused.class);
      assertThat(anna.next().getGoodbye().getReason()).isEqualTo("stopping");
      assertThatThrownBy(() -> anna.upload(header, result))
          .hasCauseInstanceOf(LinkLostException.class)
          .hasMessageContaining("the server ends; its next attempt goes on");
      SampleClient berta = sample.stranger("berta");
      berta.hello(1.0);
      assertThat(berta.next().getGoodbye().getReason()).isEqualTo("stopping");
    }
  }

  @Test
  void federation_cancelled_isCalledSo_andHasFailedNowhere() throws IOException {
    try (SampleHost sample = SampleHost.start(directory.resolve("run"), FEDERATION)) {
      // When
      sample.host.cancel();
      RunResult end = sample.await();

      // Then
      assertThat(end).isEqualTo(new RunResult.Cancelled(0));
      assertThat(sample.lastOfRun())
          .isEqualTo(new RunStopped(1, 0, "cancelled", Optional.of("cancelled")));
    }
  }

  @Test
  void federation_interrupted_namesTheCause() throws IOException {
    try (SampleHost sample = SampleHost.start(directory.resolve("run"), FEDERATION)) {
      // When
      sample.host.interrupt("the service was stopped");
      RunResult end = sample.await();

      // Then
      assertThat(end).isEqualTo(new RunResult.Interrupted(0, "the service was stopped"));
      assertThat(sample.lastOfRun())
          .isEqualTo(new RunStopped(1, 0, "the service was stopped", Optional.of("queued")));
    }
  }
}
