package io.espalier.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.AugmentationConfig;
import io.espalier.configs.DataConfig;
import io.espalier.configs.RunConfig;
import io.espalier.trainer.data.IdxBytes;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.EvaluationRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxRunTest {
  private static final int COUNT = 800;

  @TempDir private Path directory;

  /** Two channels of 8×8: a bright row or a bright column, somewhere, in noise. */
  private void write() {
    SplittableRandom random = new SplittableRandom(6);
    byte[] pixels = new byte[COUNT * 2 * 64];
    byte[] labels = new byte[COUNT];
    for (int i = 0; i < COUNT; i++) {
      labels[i] = (byte) (10 * (i % 2));
      int line = random.nextInt(8);
      for (int k = 0; k < 128; k++) {
        boolean onLine = (labels[i] == 0 ? k / 8 % 8 : k % 8) == line;
        pixels[128 * i + k] = (byte) ((onLine ? 150 : 0) + random.nextInt(100));
      }
    }
    IdxBytes.write(
        directory.resolve("train-images-idx4-ubyte"),
        IdxBytes.of(0x804, new int[] {COUNT, 2, 8, 8}, pixels));
    IdxBytes.write(
        directory.resolve("train-labels-idx1-ubyte"),
        IdxBytes.of(0x801, new int[] {COUNT}, labels));
  }

  private PreparedRun run() {
    RunConfig config =
        SampleRuns.config(
            SampleRuns.MLP, SampleRuns.SGD, SampleRuns.HARD, SampleRuns.GRADUAL, 0.5, 2, 6);
    DataConfig.Idx source =
        new DataConfig.Idx(
            Optional.of(directory),
            Optional.empty(),
            Map.of(),
            List.of(),
            DataConfig.ChannelOrder.FIRST,
            0.25);
    return SampleRuns.prepare(
        new RunConfig(
            "idx",
            3,
            new DataConfig(source, 20, 0.2, new AugmentationConfig(true, 1)),
            config.model(),
            config.train(),
            config.prune()));
  }

  @Test
  void run_idxFolderWithValidation_learnsAndShowsWhereItBegan() {
    write();
    PreparedRun run = run();
    TreeMap<Long, EvaluationPart> validation = new TreeMap<>();

    FinishedRun finished =
        TrainingLoop.run(
            run,
            new LoopListener() {
              @Override
              public void evaluated(long step, EvaluationRequest request, EvaluationPart result) {
                if (request.set() == EvaluationRequest.Set.VALIDATION) {
                  validation.put(step, result);
                }
              }
            });

    assertThat(run.dataset().input()).hasToString("2×8×8");
    assertThat(run.dataset().classNames()).containsExactly("0", "10");
    assertThat(validation.firstKey()).isZero();
    assertThat(validation.values()).allMatch(part -> part.examples() == 120);
    assertThat(validation.firstEntry().getValue().accuracy()).isLessThan(0.7);
    assertThat(validation.lastEntry().getValue().accuracy()).isGreaterThan(0.9);
    assertThat(finished.test().examples()).isEqualTo(200);
    assertThat(finished.test().accuracy()).isGreaterThan(0.9);
  }
}
