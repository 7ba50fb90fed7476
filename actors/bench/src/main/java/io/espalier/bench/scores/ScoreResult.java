package io.espalier.bench.scores;

import io.espalier.bench.harness.ResultStore;
import io.espalier.configs.Metric;
import io.espalier.trainer.run.FinishedRun;

/**
 * The outcome of a trial, a line of {@code results.jsonl}.
 *
 * @param isText whether bits per character are what counts, else accuracy
 * @param dense the trained network on the test set
 * @param pruned after pruning and fine-tuning, on the test set
 */
record ScoreResult(
    String key,
    ScoreTrial trial,
    boolean isText,
    Quality dense,
    Quality pruned,
    long kept,
    long prunable,
    double seconds)
    implements ResultStore.Keyed {

  /**
   * A network on the test set.
   *
   * @param accuracy from 0 to 1
   * @param bits per character of a text, else 0
   */
  record Quality(double accuracy, double bits) {
    static Quality of(FinishedRun finished) {
      double bits = metric(finished).bits(finished.test().loss()).orElse(0);
      return new Quality(finished.test().accuracy(), bits);
    }

    static Metric metric(FinishedRun finished) {
      return finished.committed().run().dataset().metric();
    }

    /** Bits per character of a text, else accuracy in percent. */
    double shown(boolean isText) {
      return isText ? bits : 100 * accuracy;
    }
  }
}
