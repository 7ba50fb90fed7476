package io.espalier.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.AugmentationConfig;
import io.espalier.configs.DataConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.RunConfig;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.Replica;
import io.espalier.trainer.sync.Commit;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.Committer;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AugmentedRunTest {
  private static final AugmentationConfig BOTH = new AugmentationConfig(true, 1);

  private static PreparedRun run(ModelConfig.Architecture model, AugmentationConfig augmentation) {
    RunConfig config =
        SampleRuns.config(model, SampleRuns.SGD, SampleRuns.HARD, SampleRuns.GRADUAL, 0.9, 2, 2);
    return SampleRuns.prepare(
        new RunConfig(
            config.name(),
            config.seed(),
            new DataConfig(config.data().source(), 32, 0.1, augmentation),
            config.model(),
            config.train(),
            config.prune()));
  }

  @Test
  void augmentation_changesTraining() {
    FinishedRun plain =
        TrainingLoop.run(run(SampleRuns.MLP, AugmentationConfig.NONE), LoopListener.NONE);
    FinishedRun augmented = TrainingLoop.run(run(SampleRuns.MLP, BOTH), LoopListener.NONE);

    assertThat(augmented.committed().digest()).isNotEqualTo(plain.committed().digest());
  }

  @Test
  void resume_fromEverySync_endsWithTheSameBits() {
    PreparedRun run = run(SampleRuns.MLP, BOTH);
    List<Committed> states = new ArrayList<>();
    FinishedRun uninterrupted =
        TrainingLoop.run(
            run,
            new LoopListener() {
              @Override
              public void committed(SyncOutcome outcome, Traffic traffic) {
                states.add(outcome.committed());
              }
            });

    assertThat(states).hasSizeGreaterThan(5);
    for (Committed state : states) {
      FinishedRun resumed = TrainingLoop.resume(run, state, new Traffic(0, 0), LoopListener.NONE);
      assertThat(resumed.committed().digest()).isEqualTo(uninterrupted.committed().digest());
    }
  }

  @Test
  void evaluationAndRecalibration_seeImagesAsTheyAre() {
    PreparedRun plain = run(SampleRuns.RESNET, AugmentationConfig.NONE);
    PreparedRun augmented = run(SampleRuns.RESNET, BOTH);
    SyncOutcome start = Committer.start(plain).open();

    try (Replica first = Replica.of(plain, 0);
        Replica second = Replica.of(augmented, 0)) {
      assertThat(second.apply(start.commit(), start.payload()))
          .isEqualTo(first.apply(start.commit(), start.payload()));
      assertThat(start.commit().evaluations()).hasSize(1);
      assertThat(start.commit().next()).isEqualTo(Commit.Next.TRAIN);
      first.recalibrate();
      second.recalibrate();
      assertThat(second.packedState()).isEqualTo(first.packedState());
      first.step();
      second.step();
      assertThat(second.packedState()).isNotEqualTo(first.packedState());
    }
  }

  @Test
  void crop_asLargeAsTheImages_isRefused() {
    assertThatThrownBy(() -> run(SampleRuns.MLP, new AugmentationConfig(false, 8)))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("data.augmentation.crop")
        .hasMessageContaining("crop=8, images=1×8×8");
  }
}
