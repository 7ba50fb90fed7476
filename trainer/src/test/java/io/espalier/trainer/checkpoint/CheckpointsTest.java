package io.espalier.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.configs.InvalidConfigException;
import io.espalier.trainer.data.format.Sha256;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.PreparedRun;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sync.Commit;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointsTest {
  private static final String RECIPE = "seed = 7";
  private static final Traffic TRAFFIC = new Traffic(123, 456);
  private static final List<SyncOutcome> SYNCS = new ArrayList<>();
  private static PreparedRun run;

  @TempDir private Path directory;
  private final List<String> warnings = new ArrayList<>();

  @BeforeAll
  static void train() {
    run = SampleRuns.prepared(SampleRuns.MLP, SampleRuns.SGD, SampleRuns.ANNEALED, 2, 5);
    SYNCS.clear();
    TrainingLoop.run(
        run,
        new LoopListener() {
          @Override
          public void committed(SyncOutcome outcome, Traffic traffic) {
            SYNCS.add(outcome);
          }
        });
  }

  @Test
  void latest_afterWrite_returnsAllThatWasWritten() throws IOException {
    SyncOutcome sync = SYNCS.get(8);

    Written written = checkpoints(2).write(sync.committed(), TRAFFIC, 2.5);
    Checkpoint read = checkpoints(2).latest(warnings::add).orElseThrow();

    assertThat(written.step()).isEqualTo(40);
    assertThat(written.directory()).isEqualTo(directory.resolve("step-0000000040"));
    assertThat(written.bytes()).isEqualTo(bytesIn(written.directory()));
    assertThat(read.committed().digest()).isEqualTo(sync.committed().digest());
    assertThat(read.committed().masks().masks()).isEqualTo(sync.committed().masks().masks());
    assertThat(read.committed().masks().updatedAt())
        .isEqualTo(sync.committed().masks().updatedAt());
    assertThat(read.committed().masks().annealing().cohorts())
        .isNotEmpty()
        .isEqualTo(sync.committed().masks().annealing().cohorts());
    assertThat(read.traffic()).isEqualTo(TRAFFIC);
    assertThat(read.trainedSeconds()).isEqualTo(2.5);
    assertThat(read.codeVersion()).isEqualTo("development");
    assertThat(warnings).isEmpty();
  }

  @Test
  void latest_withoutCheckpoints_isEmpty() {
    assertThat(checkpoints(2).latest(warnings::add)).isEmpty();
    assertThat(Checkpoints.in(directory.resolve("absent"), run, RECIPE, 2).latest(warnings::add))
        .isEmpty();
    assertThat(warnings).isEmpty();
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

  @Test
  void latest_ofAnotherRecipe_isRefusedWithBothDigests() throws IOException {
    writeAt(2);

    assertThatThrownBy(() -> Checkpoints.in(directory, run, "seed = 8", 2).latest(warnings::add))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("recipe: must be that of the checkpoint")
        .hasMessageContaining("run=" + Sha256.ofText("seed = 8"))
        .hasMessageContaining("checkpoint=" + Sha256.ofText(RECIPE));
  }

  @Test
  void latest_ofAnotherModelAndTrainerCount_isRefusedNamingAll() throws IOException {
    writeAt(2);
    PreparedRun other =
        SampleRuns.prepared(SampleRuns.RESNET, SampleRuns.SGD, SampleRuns.ANNEALED, 1, 5);

    assertThatThrownBy(() -> Checkpoints.in(directory, other, RECIPE, 2).latest(warnings::add))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("model: must be that of the checkpoint")
        .hasMessageContaining("train.trainers: must be that of the checkpoint")
        .hasMessageContaining("run=1, checkpoint=2");
  }

  @Test
  void latest_ofAnotherDataSet_isRefused() throws IOException {
    writeAt(2);
    edit("step-0000000010", run.dataset().digest(), "another");

    assertThatThrownBy(() -> checkpoints(2).latest(warnings::add))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("data: must be that of the checkpoint")
        .hasMessageContaining("checkpoint=another");
  }

  @Test
  void latest_ofAnotherVersion_isUsedWithWarning() throws IOException {
    writeAt(2);
    edit("step-0000000010", "development", "0.0.1");

    assertThat(step()).isEqualTo(10);
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("written by 0.0.1, this is development");
  }

  @Test
  void isDue_ofAllSyncs_isOncePerEpochAndAtTheEnd() {
    Checkpoints checkpoints = checkpoints(2);

    Stream<Long> due =
        SYNCS.stream().map(SyncOutcome::commit).filter(checkpoints::isDue).map(Commit::step);

    assertThat(due).containsExactly(20L, 40L, 60L, 80L, 100L);
  }

  @Test
  void latest_ofAnotherFormat_isRefused() throws IOException {
    writeAt(2);
    edit("step-0000000010", "\"format\" : 1", "\"format\" : 2");

    assertThatThrownBy(() -> checkpoints(2).latest(warnings::add))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("a checkpoint must be of format 1: format=2");
  }

  @Test
  void in_keepOfNone_isRefused() {
    assertThatThrownBy(() -> checkpoints(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("keep=0");
  }

  private Checkpoints checkpoints(int keep) {
    return Checkpoints.in(directory, run, RECIPE, keep);
  }

  private void writeAt(int... syncs) throws IOException {
    for (int sync : syncs) {
      checkpoints(2).write(SYNCS.get(sync).committed(), TRAFFIC, 1);
    }
  }

  /** Changes a manifest as one who knows its format would. */
  private void edit(String checkpoint, String from, String to) throws IOException {
    Path file = directory.resolve(checkpoint).resolve("manifest.json");
    JsonMapper json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    String text = json.writeValueAsString(json.readTree(file.toFile()).get("manifest"));
    String edited = text.replace(from, to);
    assertThat(edited).isNotEqualTo(text);
    ObjectNode root = json.createObjectNode();
    root.set("manifest", json.readTree(edited));
    root.put("sha256", Sha256.ofText(edited));
    json.writeValue(file.toFile(), root);
  }

  private long step() {
    return checkpoints(2).latest(warnings::add).orElseThrow().committed().step();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private static long bytesIn(Path directory) throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.mapToLong(path -> path.toFile().length()).sum();
    }
  }
}
