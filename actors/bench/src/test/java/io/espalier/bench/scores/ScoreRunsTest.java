package io.espalier.bench.scores;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.bench.scores.TrainedNetworks.Trained;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trials against runs of their own, on the bundled digits. */
class ScoreRunsTest {
  private static final ScoreTrial.Base DIGITS =
      new ScoreTrial.Base("dense", List.of("data=digits"), Optional.empty());
  private static final String NETWORK = "lenet-300-100";

  @TempDir private Path directory;
  private DataHome home;
  private BenchData data;
  private Trained network;

  @BeforeEach
  void train() throws IOException {
    home = DataHome.of(directory);
    data = new BenchData(home, Optional.empty());
    network = new TrainedNetworks(directory, DIGITS, 2, data, each -> {}).of(NETWORK, 42);
  }

  @Test
  void run_trialsThatShareMeasurements_endAsRunsAlone() {
    ScoreRuns runs = new ScoreRuns(DIGITS, data);
    for (String score : List.of("snip", "kfac", "obs", "hessian-trace")) {
      for (String refit : List.of("none", "mean-folding", "least-squares")) {
        for (double sparsity : new double[] {.8, .95}) {
          ScoreTrial trial = new ScoreTrial(NETWORK, 42, score, "global", refit, sparsity, 0);

          FinishedRun shared = runs.run(trial, network);

          FinishedRun alone = alone(trial);
          assertThat(shared.committed().digest())
              .as("%s", trial)
              .isEqualTo(alone.committed().digest());
          assertThat(shared.test()).isEqualTo(alone.test());
        }
      }
    }
  }

  @Test
  void run_fineTuning_endsAsARunAlone() {
    ScoreTrial trial = new ScoreTrial(NETWORK, 42, "wanda", "uniform", "none", .9, 1);

    FinishedRun finished = new ScoreRuns(DIGITS, data).run(trial, network);

    assertThat(finished.committed().digest()).isEqualTo(alone(trial).committed().digest());
  }

  @Test
  void prepare_testExamples_leavesTheFirstOnesToTest() {
    ScoreTrial trial = new ScoreTrial(NETWORK, 42, "magnitude", "global", "none", .5, 0);
    BenchData few = new BenchData(home, Optional.of(10));

    PreparedRun run = few.prepare(trial.recipe(DIGITS, network.file()).config());

    PreparedRun whole = data.prepare(trial.recipe(DIGITS, network.file()).config());
    assertThat(run.dataset().test().count()).isEqualTo(10);
    assertThat(run.dataset().test().labels()).isEqualTo(firstTen(whole));
    assertThat(run.dataset().train().count()).isEqualTo(whole.dataset().train().count());
  }

  private static int[] firstTen(PreparedRun run) {
    return Arrays.copyOf(run.dataset().test().labels(), 10);
  }

  private FinishedRun alone(ScoreTrial trial) {
    return TrainingLoop.run(
        PreparedRun.of(trial.recipe(DIGITS, network.file()).config(), home), LoopListener.NONE);
  }
}
