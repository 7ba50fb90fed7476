package io.espalier.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.MaskConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.OptimizerConfig;
import io.espalier.masks.kind.MaskKinds;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values of a mask kind on two trainers, through cuts, checkpoints and resumption. */
class AuxiliaryStateTest {
  private static final MaskConfig TALLIED = MaskKinds.config(MemberSettings.of("tallied"));

  @TempDir private Path directory;

  static List<OptimizerConfig> optimizers() {
    return List.of(SampleRuns.SGD, SampleRuns.ADAM);
  }

  private static PreparedRun shrinking(OptimizerConfig optimizer) {
    return SampleRuns.prepare(
        SampleRuns.channels(SampleRuns.RESNET, optimizer, TALLIED, SampleRuns.live(7), 2, 5));
  }

  private static List<SyncOutcome> syncs(PreparedRun run) {
    List<SyncOutcome> syncs = new ArrayList<>();
    TrainingLoop.run(
        run,
        new LoopListener() {
          @Override
          public void committed(SyncOutcome outcome, Traffic traffic) {
            syncs.add(outcome);
          }
        });
    return syncs;
  }

  private Committed reread(PreparedRun run, Committed state) throws IOException {
    Path home = Files.createDirectories(directory.resolve("at-" + state.step()));
    Checkpoints checkpoints = Checkpoints.in(home, run, "r", 1, RunEpoch.locked(1));
    checkpoints.write(state, new Traffic(0, 0), 1);
    return checkpoints.latest(AssertionError::new).orElseThrow().committed();
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void values_ofAllExtents_areCutWithTheirWeights(OptimizerConfig optimizer) {
    PreparedRun run = shrinking(optimizer);
    List<SyncOutcome> syncs = syncs(run);
    List<SyncOutcome> cuts = syncs.stream().filter(sync -> sync.cut().isPresent()).toList();
    int entries = run.network().parameters().size();

    assertThat(cuts).isNotEmpty();
    for (SyncOutcome sync : syncs) {
      Committed state = sync.committed();
      List<Integer> rows = state.run().stateLayout().auxiliary("row-steps");
      for (int p = 0; p < rows.size(); p++) {
        float[] counted = state.state().values(rows.get(p), 0);
        assertThat(counted).hasSize(state.run().prunable().get(p).dimensions().get(0));
        assertThat(counted).containsOnly((float) state.step());
      }
      float left = state.masks().mayChange() ? 3f + state.step() : 0f;
      assertThat(state.state().auxiliary("steps"))
          .hasSize(rows.size())
          .allSatisfy(value -> assertThat(value).containsExactly(left));
      assertThat(state.run().stateLayout().entries()).hasSize(entries + 3 * rows.size());
    }
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void resume_beforeAtAndAfterCuts_endsWithTheSameBits(OptimizerConfig optimizer)
      throws IOException {
    PreparedRun run = shrinking(optimizer);
    List<SyncOutcome> syncs = syncs(run);
    String end = syncs.get(syncs.size() - 1).committed().digest();

    for (int at = 0; at < syncs.size(); at += 12) {
      Committed state = syncs.get(at).committed();
      Committed read = reread(run, state);
      FinishedRun resumed = TrainingLoop.resume(run, read, new Traffic(0, 0), LoopListener.NONE);

      assertThat(read.digest()).isEqualTo(state.digest());
      assertThat(resumed.committed().digest()).isEqualTo(end);
    }
  }

  @Test
  void files_ofUsers_doNotHoldThem_checkpointsDo() throws IOException {
    PreparedRun run = shrinking(SampleRuns.ADAM);
    List<SyncOutcome> syncs = syncs(run);
    Committed middle = syncs.get(syncs.size() / 2).committed();
    Path model = directory.resolve("model.safetensors");

    ModelFile.write(model, run, middle, "r");
    reread(run, middle);

    assertThat(Safetensors.read(model).tensors().keySet())
        .containsExactlyInAnyOrderElementsOf(
            middle.run().network().parameters().stream().map(each -> each.id().name()).toList());
    try (var files = Files.walk(directory)) {
      Path state =
          files.filter(file -> file.endsWith("state.safetensors")).findFirst().orElseThrow();
      Safetensors stored = Safetensors.read(state);
      String weight = middle.run().prunableIds().get(0).name();
      List<Integer> shape = middle.run().prunable().get(0).dimensions();
      assertThat(stored.tensor(weight + ".square").map(StoredTensor::dimensions)).contains(shape);
      assertThat(stored.tensors()).containsKey(weight + ".square.moment2");
      assertThat(stored.tensor(weight + ".row-steps").map(StoredTensor::dimensions))
          .contains(shape.subList(0, 1));
      assertThat(stored.tensors()).doesNotContainKey(weight + ".row-steps.moment1");
    }
  }
}
