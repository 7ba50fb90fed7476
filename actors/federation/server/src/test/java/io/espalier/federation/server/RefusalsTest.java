package io.espalier.federation.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.federation.protocol.Task;
import io.espalier.masks.MaskSet;
import io.espalier.telemetry.event.FederationEvent.ClientReported;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What does not belong is refused with its reason, recorded, and changes nothing. */
final class RefusalsTest {
  private static final String FEDERATION =
      "federation { kind = fedavg, rounds = 1, cohort = 2, quorum = 50%, deadline = 60s, largest-norm = 5 }";

  @TempDir private Path directory;

  @Test
  void result_thatDoesNotBelong_isRefusedAndLeavesTheAggregateAlone() throws IOException {
    float[] undisturbed = weightsAfter(directory.resolve("calm"), false);

    assertThat(weightsAfter(directory.resolve("rough"), true)).isEqualTo(undisturbed);
  }

  private float[] weightsAfter(Path path, boolean rough) throws IOException {
    try (SampleHost sample = SampleHost.start(path, FEDERATION)) {
      SampleClient anna = sample.client("anna");
      SampleClient berta = sample.client("berta");
      Task task = anna.task();
      MaskSet holds = sample.host.session().course().model().masks().masks();
      byte[] sound = anna.result(holds, .01f, SampleClient.EXAMPLES);
      if (rough) {
        refuseAll(sample, anna, task, holds, sound);
      }
      assertThat(anna.upload(anna.header(task, sound).build(), sound)).isEqualTo("accepted");
      if (rough) {
        byte[] other = anna.result(holds, .02f, SampleClient.EXAMPLES);
        assertThat(anna.upload(anna.header(task, other).build(), other)).isEqualTo("duplicate");
        assertThat(anna.upload(anna.header(task, sound).build(), sound)).isEqualTo("duplicate");
        assertThat(sample.refusals()).endsWith("duplicate");
      }
      byte[] second = berta.result(holds, .03f, SampleClient.EXAMPLES);
      assertThat(berta.upload(berta.header(berta.task(), second).build(), second))
          .isEqualTo("accepted");

      assertThat(sample.await()).isInstanceOf(RunResult.Finished.class);
      assertThat(sample.events()).filteredOn(ClientReported.class::isInstance).hasSize(2);
      assertThat(round(sample).reported()).isEqualTo(2);
      assertThat(round(sample).refused()).isEqualTo(sample.refusals().size());
      return sample.host.session().course().model().state().values(0, 0).clone();
    }
  }

  private static RoundCompleted round(SampleHost sample) {
    return sample.events().stream()
        .filter(RoundCompleted.class::isInstance)
        .map(RoundCompleted.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static void refuseAll(
      SampleHost sample, SampleClient anna, Task task, MaskSet holds, byte[] sound) {
    byte[] garbage = new byte[sound.length];
    Arrays.fill(garbage, (byte) 0x55);
    byte[] cut = Arrays.copyOf(sound, sound.length - 4);
    byte[] nan = sound.clone();
    Arrays.fill(nan, 40, 44, (byte) 0xff);
    byte[] huge = anna.result(holds, 1f, SampleClient.EXAMPLES);
    byte[] liar = anna.result(holds, .01f, 1_000_000);
    byte[] large = Arrays.copyOf(sound, sound.length + 4);
    List<String> answers =
        List.of(
            anna.upload(anna.header(task, sound).setLayoutDigest("0").build(), sound),
            anna.upload(anna.header(task, sound).setRound("0").build(), sound),
            anna.upload(anna.header(task, sound).setMaskVersion(9).build(), sound),
            anna.upload(anna.header(task, large).build(), large),
            anna.upload(anna.header(task, cut).setBytes(sound.length).build(), cut),
            anna.upload(anna.header(task, garbage).setDigest("0".repeat(64)).build(), garbage),
            anna.upload(anna.header(task, garbage).build(), garbage),
            anna.upload(anna.header(task, cut).build(), cut),
            anna.upload(anna.header(task, nan).build(), nan),
            anna.upload(anna.header(task, huge).build(), huge),
            anna.upload(anna.header(task, liar).build(), liar));
    assertThat(answers)
        .containsExactly(
            "wrong-layout",
            "stale-round",
            "stale-version",
            "oversize",
            "malformed",
            "wrong-digest",
            "malformed",
            "wrong-count",
            "not-finite",
            "norm-beyond-bound",
            "wrong-count");
    assertThat(sample.refusals()).containsExactlyElementsOf(answers);
  }

  @Test
  void result_afterTheRoundClosed_isLateAndAReceiptIsGivenAgain() throws IOException {
    String federation =
        "federation { kind = fedavg, rounds = 2, cohort = 1, over-commit = 100%, deadline = 60s }";
    try (SampleHost sample = SampleHost.start(directory.resolve("late"), federation)) {
      SampleClient anna = sample.client("anna");
      Optional<Task> first = Optional.of(anna.task());
      MaskSet holds = sample.host.session().course().model().masks().masks();
      byte[] result = anna.result(holds, .01f, SampleClient.EXAMPLES);
      assertThat(anna.upload(anna.header(first.get(), result).build(), result))
          .isEqualTo("accepted");
      Task second = anna.task();

      assertThat(anna.upload(anna.header(first.get(), result).build(), result))
          .isEqualTo("duplicate");
      byte[] other = anna.result(holds, .02f, SampleClient.EXAMPLES);
      assertThat(anna.upload(anna.header(first.get(), other).build(), other))
          .isEqualTo("round-closed");
      SampleClient stranger = sample.client("stranger");
      assertThat(stranger.upload(anna.header(second, result).build(), result))
          .isEqualTo("not-chosen");
      assertThat(sample.refusals()).containsExactly("round-closed", "not-chosen");
    }
  }
}
