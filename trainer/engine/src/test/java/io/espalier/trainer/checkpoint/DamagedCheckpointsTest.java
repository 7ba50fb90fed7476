package io.espalier.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.trainer.file.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DamagedCheckpointsTest extends CheckpointFixture {
  @Test
  void latest_halfWritten_isIgnoredWithoutWarning() throws IOException {
    writeAt(1);
    Files.createDirectories(directory.resolve(".step-0000000010.partial"));

    assertThat(step()).isEqualTo(5);
    assertThat(warnings).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"state.safetensors", "masks.bin", "annealing.bin", "manifest.json"})
  void latest_newestHasFlippedByte_isNamedAndTheOneBeforeIsUsed(String file) throws IOException {
    writeAt(7, 8);
    Path damaged = directory.resolve("step-0000000040").resolve(file);
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[bytes.length / 2] ^= 0x10;
    Files.write(damaged, bytes);

    assertThat(step()).isEqualTo(35);
    assertThat(warnings).singleElement().asString().contains("step-0000000040 is damaged");
  }

  @ParameterizedTest
  @ValueSource(strings = {"state.safetensors", "masks.bin", "annealing.bin", "manifest.json"})
  void latest_newestLacksFile_isNamedAndTheOneBeforeIsUsed(String file) throws IOException {
    writeAt(7, 8);
    Files.delete(directory.resolve("step-0000000040").resolve(file));

    assertThat(step()).isEqualTo(35);
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("step-0000000040 is damaged", "file=" + file);
  }

  @Test
  void latest_manifestIsTorn_isNamedAndTheOneBeforeIsUsed() throws IOException {
    writeAt(7, 8);
    Path manifest = directory.resolve("step-0000000040/manifest.json");
    String text = Files.readString(manifest);
    Files.writeString(manifest, text.substring(0, text.length() / 2));

    assertThat(step()).isEqualTo(35);
    assertThat(warnings).singleElement().asString().contains("a manifest must be JSON");
  }

  /** A state that matches its own SHA-256 but not the digest that the replicas had agreed on. */
  @Test
  void latest_manifestHasAnotherField_isNamedAndTheOneBeforeIsUsed() throws IOException {
    writeAt(7, 8);
    edit("step-0000000040", "\"format\" : 3,", "\"format\" : 3,\n  \"speed\" : 1,");

    assertThat(step()).isEqualTo(35);
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("a manifest must have the fields of format 3 only", "unknown=[speed]");
  }

  @Test
  void latest_stateOfAnotherStep_isNamedAndTheOneBeforeIsUsed() throws IOException {
    writeAt(7, 8);
    Path before = directory.resolve("step-0000000035/state.safetensors");
    Path state = directory.resolve("step-0000000040/state.safetensors");
    edit("step-0000000040", Sha256.ofFile(state), Sha256.ofFile(before));
    Files.copy(before, state, StandardCopyOption.REPLACE_EXISTING);

    assertThat(step()).isEqualTo(35);
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("a state must have the digest of its manifest");
  }

  @Test
  void latest_allDamaged_isEmpty() throws IOException {
    writeAt(7, 8);
    Files.delete(directory.resolve("step-0000000035/masks.bin"));
    Files.delete(directory.resolve("step-0000000040/masks.bin"));

    assertThat(checkpoints(2).latest(warnings::add)).isEmpty();
    assertThat(warnings).hasSize(2);
  }

  @Test
  void write_afterResumingBeforeDamagedOne_dropsTheDamagedOne() throws IOException {
    writeAt(5, 8);
    Files.delete(directory.resolve("step-0000000040/masks.bin"));

    writeAt(6);

    assertThat(names()).containsExactly("step-0000000025", "step-0000000030");
  }
}
