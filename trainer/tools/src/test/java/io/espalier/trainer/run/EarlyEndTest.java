package io.espalier.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.model.StoredModel;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.EvaluationRequest;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import io.espalier.trainer.sync.ValidationRecord;
import io.espalier.trainer.sync.ValidationRecord.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that keep their best state, and that end once their accuracy stays on a plateau. */
class EarlyEndTest {
  private static final String[] SHORT = {
    "data.validation=20%",
    "train.epochs=12",
    "train.evaluate-every=8",
    "prune.schedule={kind=cubic,begin=10%,end=40%,updates=4}"
  };

  @TempDir private Path directory;

  /** What a run evaluated, kept and committed. */
  private static class Log implements LoopListener {
    private final List<Score> scores = new ArrayList<>();
    private final List<Committed> bests = new ArrayList<>();
    private final List<Committed> commits = new ArrayList<>();
    private final List<Traffic> traffic = new ArrayList<>();
    private final List<ValidationRecord> records = new ArrayList<>();

    @Override
    public void evaluated(long step, EvaluationRequest request, EvaluationPart result) {
      if (request.set() == EvaluationRequest.Set.VALIDATION
          && request.phase() != EvaluationRequest.Phase.BEFORE_UPDATE) {
        scores.add(new Score(step, result.accuracy()));
      }
    }

    @Override
    public void improved(Committed best, Score score) {
      bests.add(best);
    }

    @Override
    public void committed(SyncOutcome outcome, Traffic sent, ValidationRecord validation) {
      commits.add(outcome.committed());
      traffic.add(sent);
      records.add(validation);
    }

    private Score best(long from) {
      List<Score> counted = scores.stream().filter(score -> score.step() >= from).toList();
      double highest = counted.stream().mapToDouble(Score::accuracy).max().orElseThrow();
      return counted.stream()
          .filter(score -> score.accuracy() == highest)
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void keepBest_denserNetworkWasBetter_isTheEarliestBestOfTheFinalSparsity() {
    PreparedRun run = prepared("train.keep-best=true", "prune.sparsity=99%", "train.trainers=2");
    Log log = new Log();

    FinishedRun finished = TrainingLoop.run(run, log);

    long from = run.plan().finalSparsityStep();
    Score best = finished.validation().best().orElseThrow();
    assertThat(best).isEqualTo(log.best(from));
    assertThat(log.best(0).accuracy()).isGreaterThan(best.accuracy());
    Committed kept = log.bests.get(log.bests.size() - 1);
    assertThat(kept.step()).isEqualTo(best.step());
    assertThat(kept.masks().masks().kept()).isEqualTo(run.plan().finalKept());
  }

  @Test
  void keepBest_ofALanguageModel_hasTheFewestBitsPerCharacter() throws IOException {
    Path text = Files.writeString(directory.resolve("text"), "how much wood would a ".repeat(40));
    PreparedRun run =
        PreparedRun.of(
            new RecipeLoader()
                .load(
                    "char-lm",
                    List.of(
                        "data={path=\"" + text + "\",context=8,batch-size=4,validation=20%}",
                        "model={layers=1,features=8,heads=2}",
                        "train={epochs=3,evaluate-every=4,keep-best=true,stop-early=plateau}",
                        "train.learning-rate.warm-up=0",
                        "prune={sparsity=50%,schedule={begin=0,end=10%,updates=1}}"))
                .config(),
            DataHome.of(directory));
    List<Double> bits = new ArrayList<>();
    Log log =
        new Log() {
          @Override
          public void evaluated(long step, EvaluationRequest request, EvaluationPart result) {
            if (request.set() == EvaluationRequest.Set.VALIDATION
                && request.phase() != EvaluationRequest.Phase.BEFORE_UPDATE
                && step >= run.plan().finalSparsityStep()) {
              bits.add(run.dataset().metric().bits(result.loss()).orElseThrow());
            }
          }
        };

    FinishedRun finished = TrainingLoop.run(run, log);

    Score best = finished.validation().best().orElseThrow();
    assertThat(bits).hasSizeGreaterThan(3);
    assertThat(best.bits()).hasValue(Collections.min(bits));
    Path file = directory.resolve("best.safetensors");
    ModelFile.writeBest(file, run, log.bests.get(log.bests.size() - 1), "recipe", best);
    assertThat(ModelFile.read(file).description().best()).contains(best);
  }

  @Test
  void keepBest_ofAnOrdinaryRun_changesNoBit() {
    FinishedRun ordinary = TrainingLoop.run(prepared(), LoopListener.NONE);
    FinishedRun keeping = TrainingLoop.run(prepared("train.keep-best=true"), LoopListener.NONE);

    assertThat(keeping.committed().digest()).isEqualTo(ordinary.committed().digest());
    assertThat(ordinary.validation()).isEqualTo(ValidationRecord.NONE);
  }

  @Test
  void keepBest_channelsToBeCutAtTheEnd_isCut() throws IOException {
    PreparedRun run =
        prepared(
            "train.keep-best=true",
            "prune.sparsity=50%",
            "prune.granularity={kind=channel,cut=end}");
    Log log = new Log();

    FinishedRun finished = TrainingLoop.run(run, log);

    Committed best = log.bests.get(log.bests.size() - 1);
    Path file = directory.resolve("best.safetensors");
    ModelFile.writeBest(file, run, best, "recipe", finished.validation().best().orElseThrow());
    StoredModel stored = ModelFile.read(file);
    assertThat(stored.description().network().orElseThrow().values())
        .isEqualTo(finished.committed().run().network().values())
        .isLessThan(run.wholeNetwork().values());
    assertThat(stored.description().best()).isEqualTo(finished.validation().best());
  }

  @Test
  void stopEarly_onAPlateau_endsAtTheSyncAfterTheLastOfSoManyEvaluations() {
    PreparedRun run = prepared("train.stop-early={kind=plateau,patience=3,min-gain=50%}");
    Log log = new Log();

    FinishedRun finished = TrainingLoop.run(run, log);

    List<Score> counted =
        log.scores.stream().filter(score -> score.step() >= run.plan().settledStep()).toList();
    assertThat(finished.endedEarly()).isTrue();
    assertThat(finished.validation().gain()).contains(counted.get(0));
    assertThat(finished.committed().step()).isEqualTo(run.plan().nextSync(counted.get(3).step()));
    assertThat(finished.committed().masks().masks().kept()).isEqualTo(run.plan().finalKept());
    assertThat(finished.test().examples()).isPositive();
  }

  @Test
  void stopEarly_everyEvaluationGains_takesAllSteps() {
    PreparedRun run = prepared("train.stop-early={kind=plateau,patience=100,min-gain=0}");

    FinishedRun finished = TrainingLoop.run(run, LoopListener.NONE);

    assertThat(finished.endedEarly()).isFalse();
    assertThat(finished.committed().step()).isEqualTo(run.plan().totalSteps());
    assertThat(finished.committed().digest())
        .isEqualTo(TrainingLoop.run(prepared(), LoopListener.NONE).committed().digest());
  }

  @Test
  void stopEarly_withNormsAndChannelsToCut_recalibratesAndCutsAtItsEnd() {
    PreparedRun run =
        prepared(
            "model=resnet-8",
            "model.width=4",
            "train.epochs=4",
            "train.evaluate-every=4",
            "prune.sparsity=50%",
            "prune.granularity={kind=channel,cut=end}",
            "train.stop-early={kind=plateau,patience=2,min-gain=90%}");

    FinishedRun finished = TrainingLoop.run(run, LoopListener.NONE);

    assertThat(finished.endedEarly()).isTrue();
    assertThat(finished.committed().recalibrated()).isTrue();
    assertThat(finished.committed().run().network().values())
        .isLessThan(run.wholeNetwork().values());
  }

  @Test
  void resume_fromEveryCommit_endsAtTheSameStepWithTheSameBitsAndBest() {
    PreparedRun run =
        prepared(
            "train.trainers=2",
            "train.keep-best=true",
            "train.stop-early={kind=plateau,patience=2,min-gain=2%}");
    Log log = new Log();
    FinishedRun whole = TrainingLoop.run(run, log);
    assertThat(whole.endedEarly()).isTrue();

    for (int i = 0; i < log.commits.size() - 1; i += 5) {
      FinishedRun resumed =
          TrainingLoop.resume(
              run, log.commits.get(i), log.traffic.get(i), log.records.get(i), LoopListener.NONE);

      assertThat(resumed.committed().digest()).isEqualTo(whole.committed().digest());
      assertThat(resumed.validation()).isEqualTo(whole.validation());
      assertThat(resumed.test()).isEqualTo(whole.test());
    }
  }

  private PreparedRun prepared(String... overrides) {
    List<String> all = Stream.concat(Arrays.stream(SHORT), Arrays.stream(overrides)).toList();
    return PreparedRun.of(new RecipeLoader().load("digits", all).config(), DataHome.of(directory));
  }
}
