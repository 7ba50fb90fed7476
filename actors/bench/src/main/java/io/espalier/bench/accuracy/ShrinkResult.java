package io.espalier.bench.accuracy;

import io.espalier.bench.harness.ResultStore;
import io.espalier.trainer.run.CodeVersion;

/** A finished run of the bench. */
record ShrinkResult(String key, ShrinkRow row, long seed, ShrinkOutcome outcome, String codeVersion)
    implements ResultStore.Keyed {
  static ShrinkResult of(ShrinkTrial trial, ShrinkOutcome outcome) {
    return new ShrinkResult(trial.key(), trial.row(), trial.seed(), outcome, CodeVersion.current());
  }
}
