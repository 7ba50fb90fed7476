package io.espalier.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.configs.file.Json;
import io.espalier.trainer.checkpoint.Checkpoints.WrittenCheckpoint;
import io.espalier.trainer.run.CodeVersion;
import io.espalier.trainer.sync.SyncOutcome;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class CheckpointsTest extends CheckpointFixture {
  @Test
  void latest_afterWrite_returnsAllThatWasWritten() throws IOException {
    SyncOutcome sync = SYNCS.get(8);

    WrittenCheckpoint written = checkpoints(2).write(sync.committed(), TRAFFIC, 2.5);
    Checkpoint read = checkpoints(2).latest(warnings::add).orElseThrow();

    assertThat(written.step()).isEqualTo(40);
    assertThat(written.directory()).isEqualTo(directory.resolve("step-0000000040"));
    assertThat(written.bytes()).isEqualTo(bytesIn(written.directory()));
    assertThat(read.committed().digest()).isEqualTo(sync.committed().digest());
    assertThat(read.committed().masks().masks()).isEqualTo(sync.committed().masks().masks());
    assertThat(read.committed().masks().updatedAt())
        .isEqualTo(sync.committed().masks().updatedAt());
    assertThat(read.committed().masks().encodedAnnealing())
        .isNotEmpty()
        .isEqualTo(sync.committed().masks().encodedAnnealing());
    assertThat(read.traffic()).isEqualTo(TRAFFIC);
    assertThat(read.trainedSeconds()).isEqualTo(2.5);
    assertThat(read.codeVersion()).isEqualTo(CodeVersion.current());
    assertThat(warnings).isEmpty();
  }

  @Test
  void latest_withoutCheckpoints_isEmpty() {
    assertThat(checkpoints(2).latest(warnings::add)).isEmpty();
    assertThat(
            Checkpoints.in(directory.resolve("absent"), run, RECIPE, 2, RunEpoch.locked(1))
                .latest(warnings::add))
        .isEmpty();
    assertThat(warnings).isEmpty();
  }

  /** Earlier versions wrote and read the same. */
  @Test
  void write_manifest_listsItsFieldsSideBySide() throws IOException {
    writeAt(2);

    JsonNode manifest =
        Json.STRICT
            .readTree(directory.resolve("step-0000000010/manifest.json").toFile())
            .get("manifest");
    assertThat(manifest.fieldNames())
        .toIterable()
        .containsExactly(
            "format",
            "term",
            "codeVersion",
            "identity",
            "layoutDigest",
            "step",
            "maskVersion",
            "updatedAt",
            "recalibrated",
            "stateDigest",
            "bytesSent",
            "bytesSentDense",
            "executedMacs",
            "trainedSeconds",
            "capability",
            "arithmetic",
            "files");
  }

  @Test
  void write_beyondKeep_deletesTheOldest() throws IOException {
    writeAt(1, 2, 3, 4);

    assertThat(names()).containsExactly("step-0000000015", "step-0000000020");
  }

  @Test
  void write_afterKilledWrite_removesItsLeftovers() throws IOException {
    Files.createDirectories(directory.resolve(".step-0000000010.partial"));
    Files.writeString(directory.resolve(".step-0000000010.partial/state.safetensors"), "half");
    Files.createDirectories(directory.resolve(".step-0000000005.replaced"));
    Files.createDirectories(directory.resolve("mine"));

    writeAt(2);

    assertThat(names()).containsExactly("mine", "step-0000000010");
    assertThat(step()).isEqualTo(10);
  }

  @Test
  void write_sameStepAgain_replacesIt() throws IOException {
    writeAt(2, 2);

    assertThat(names()).containsExactly("step-0000000010");
    assertThat(step()).isEqualTo(10);
  }

  @Test
  void in_keepOfNone_isRefused() {
    assertThatThrownBy(() -> checkpoints(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("keep=0");
  }

  /** A kill between the two renames that replace a checkpoint by one of the same step. */
  @Test
  void latest_replacedButNotInPlace_isStillFound() throws IOException {
    writeAt(2);
    Files.move(
        directory.resolve("step-0000000010"), directory.resolve(".step-0000000010.replaced"));

    assertThat(step()).isEqualTo(10);
    writeAt(3);
    assertThat(names()).containsExactly("step-0000000015");
  }
}
