package io.espalier.bench.scores;

import io.espalier.bench.harness.BenchOutput;
import io.espalier.bench.harness.ResultStore;
import io.espalier.bench.scores.TrainedNetworks.Trained;
import io.espalier.masks.MaskSet;
import io.espalier.trainer.run.FinishedRun;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Works through trials, one after the other; finished ones are not run again. */
record ScoreTrials(
    ScoreTrial.Base base,
    int trainEpochs,
    BenchData data,
    ScoreRuns runs,
    TrainedNetworks trained,
    ResultStore<ScoreResult> store,
    BenchOutput output) {

  /** Returns how many failed. */
  int run(List<ScoreTrial> trials) throws IOException {
    int failed = 0;
    for (int i = 0; i < trials.size(); i++) {
      ScoreTrial trial = trials.get(i);
      if (store.find(key(trial)).isEmpty()) {
        Trained network = trained.of(trial.network(), trial.seed());
        String outcome;
        try {
          ScoreResult result = run(trial, network);
          store.append(result);
          outcome = text(result);
        } catch (RuntimeException e) {
          failed++;
          outcome = "failed: " + e.getMessage();
        }
        output.say("[%d/%d] %s  %s", i + 1, trials.size(), text(trial), outcome);
      }
    }
    return failed;
  }

  List<ScoreResult> results(List<ScoreTrial> trials) {
    return trials.stream().flatMap(trial -> store.find(key(trial)).stream()).toList();
  }

  private String key(ScoreTrial trial) {
    return trial.key(base) + "/trained " + trainEpochs + data.tested();
  }

  private ScoreResult run(ScoreTrial trial, Trained network) {
    long startNs = System.nanoTime();
    FinishedRun finished = runs.run(trial, network);
    MaskSet masks = finished.committed().masks().masks();
    return new ScoreResult(
        key(trial),
        trial,
        ScoreResult.Quality.metric(finished).charactersPerToken().isPresent(),
        network.quality(),
        ScoreResult.Quality.of(finished),
        masks.kept(),
        masks.total(),
        (System.nanoTime() - startNs) / 1e9);
  }

  private static String text(ScoreTrial trial) {
    return String.format(
        Locale.ROOT,
        "%s, seed %d  %s, %s, refit %s at %s",
        trial.network(),
        trial.seed(),
        trial.score(),
        trial.ranking(),
        trial.refit(),
        ScoreTrial.percent(trial.sparsity()));
  }

  private static String text(ScoreResult result) {
    return String.format(
        Locale.ROOT,
        "%s %.2f  %,d of %,d kept  %.1f s",
        result.isText() ? "bits per character" : "accuracy in percent",
        result.pruned().shown(result.isText()),
        result.kept(),
        result.prunable(),
        result.seconds());
  }
}
