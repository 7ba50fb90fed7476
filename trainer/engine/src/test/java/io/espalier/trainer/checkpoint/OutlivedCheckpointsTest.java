package io.espalier.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutlivedCheckpointsTest extends CheckpointFixture {
  @TempDir private Path epochs;
  @TempDir private Path nowhere;

  @Test
  void write_afterALaterEpochBegan_isRefusedAndLeavesNothing() throws IOException {
    // Given
    RunEpoch first = RunEpoch.shared(1, epochs);
    first.begin(RunEpoch.Origin.NOTHING);
    write(first, 1);
    succeed(2);

    // When Then
    assertThatThrownBy(() -> write(first, 2)).isInstanceOf(FencedException.class);
    assertThat(names())
        .containsExactly("step-0000000005-term-0000000001", "step-0000000005-term-0000000002");
  }

  /** One that stood still between its last look and its acts. */
  @Test
  void write_ofOneThatDoesNotSeeTheLaterEpoch_doesNotCountAndTakesNothingAway() throws IOException {
    // Given
    RunEpoch.shared(1, epochs).begin(RunEpoch.Origin.NOTHING);
    RunEpoch blind = RunEpoch.shared(1, nowhere);
    write(blind, 1);
    RunEpoch second = succeed(2);

    // When
    write(blind, 2);
    write(blind, 3);
    write(blind, 4);

    // Then
    assertThat(latest(second)).isEqualTo(5);
    write(second, 2);
    write(blind, 2);
    assertThat(latest(succeed(3))).isEqualTo(10);
    assertThat(RunEpoch.latest(epochs)).hasValue(3);
  }

  @Test
  void retain_ofTheLaterEpoch_keepsWhatCountsAndDeletesTheRest() throws IOException {
    // Given
    RunEpoch.shared(1, epochs).begin(RunEpoch.Origin.NOTHING);
    RunEpoch blind = RunEpoch.shared(1, nowhere);
    write(blind, 1);
    RunEpoch second = succeed(2);
    write(blind, 2);

    // When
    write(second, 3);

    // Then
    assertThat(names())
        .containsExactly("step-0000000005-term-0000000002", "step-0000000015-term-0000000002");
  }

  private RunEpoch succeed(long term) throws IOException {
    RunEpoch epoch = RunEpoch.shared(term, epochs);
    epoch.begin(
        in(epoch).latest(warnings::add).map(Checkpoint::origin).orElse(RunEpoch.Origin.NOTHING));
    return epoch;
  }

  private long latest(RunEpoch epoch) {
    return in(epoch).latest(warnings::add).orElseThrow().committed().step();
  }

  private void write(RunEpoch epoch, int sync) throws IOException {
    in(epoch).write(SYNCS.get(sync).committed(), TRAFFIC, 1);
  }

  private Checkpoints in(RunEpoch epoch) {
    return Checkpoints.in(directory, run, RECIPE, 2, epoch);
  }
}
