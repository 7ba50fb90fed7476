package io.espalier.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.trainer.capability.EngineCapability;
import io.espalier.trainer.file.Sha256;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.CodeVersion;
import io.espalier.trainer.run.SampleRuns;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ForeignCheckpointsTest extends CheckpointFixture {
  @Test
  void latest_ofAnotherRecipe_isRefusedWithBothDigests() throws IOException {
    writeAt(2);

    assertThatThrownBy(
            () ->
                Checkpoints.in(directory, run, "seed = 8", 2, RunEpoch.locked(1))
                    .latest(warnings::add))
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

    assertThatThrownBy(
            () ->
                Checkpoints.in(directory, other, RECIPE, 2, RunEpoch.locked(1))
                    .latest(warnings::add))
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
    edit("step-0000000010", CodeVersion.current(), "0.0.1");

    assertThat(step()).isEqualTo(10);
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("written by 0.0.1, this is " + CodeVersion.current());
  }

  @Test
  void latest_ofTheFormatBeforeLayouts_isUsed() throws IOException {
    writeAt(2);
    String layout = "  \"layoutDigest\" : \"%s\",\n".formatted(run.layout().digest());
    edit("step-0000000010", "},\n" + layout, "},\n");
    edit("step-0000000010", "\"format\" : 3", "\"format\" : 2");

    assertThat(step()).isEqualTo(10);
    assertThat(warnings).isEmpty();
  }

  @Test
  void latest_withoutCapability_isUsedAsOfAnUnknownOne() throws IOException {
    writeAt(2);
    assertThat(checkpoints(2).latest(warnings::add).orElseThrow().capability())
        .isEqualTo(EngineCapability.current());
    edit(
        "step-0000000010",
        "  \"capability\" : \"%s\",\n".formatted(EngineCapability.current()),
        "");

    assertThat(checkpoints(2).latest(warnings::add).orElseThrow().capability()).isEmpty();
    assertThat(warnings).isEmpty();
  }

  @Test
  void latest_ofAnotherFormat_isRefused() throws IOException {
    writeAt(2);
    edit("step-0000000010", "\"format\" : 3", "\"format\" : 4");

    assertThatThrownBy(() -> checkpoints(2).latest(warnings::add))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("a checkpoint must be of format 2 or 3: format=4");
  }
}
