package io.espalier.bench.accuracy;

import io.espalier.bench.harness.ResultStore;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.CodeVersion;
import io.espalier.trainer.run.FinishedRun;
import java.util.List;

record ShrinkResult(String key, ShrinkRow row, long seed, Outcome outcome, String codeVersion)
    implements ResultStore.Keyed {
  static ShrinkResult of(ShrinkTrial trial, Outcome outcome) {
    return new ShrinkResult(trial.key(), trial.row(), trial.seed(), outcome, CodeVersion.current());
  }

  /**
   * A worker's report of its finished run.
   *
   * @param seconds of all turns
   * @param stepSeconds median time of a step in the last turn
   * @param peakBytes most resident memory of the process
   * @param cutSteps what the slowest cut took, in steps of the turn that it fell into
   * @param accuracy on the test set, from 0 to 1
   * @param macs per example of the finished network
   */
  record Outcome(
      double seconds,
      double stepSeconds,
      long peakBytes,
      long residentBytes,
      int cuts,
      double cutSteps,
      double accuracy,
      long macs,
      long parameters,
      long modelBytes) {
    static Outcome of(List<TurnLog.Turn> turns, FinishedRun finished, long modelBytes) {
      TurnLog.Turn last = turns.get(turns.size() - 1);
      PreparedRun end = finished.committed().run();
      return new Outcome(
          turns.stream().mapToDouble(TurnLog.Turn::seconds).sum(),
          last.stepSeconds(),
          turns.stream().mapToLong(TurnLog.Turn::peakBytes).max().orElseThrow(),
          last.residentBytes(),
          turns.stream().mapToInt(TurnLog.Turn::cuts).sum(),
          turns.stream()
              .mapToDouble(turn -> turn.slowestCutSeconds() / turn.stepSeconds())
              .max()
              .orElseThrow(),
          finished.test().accuracy(),
          end.network().macs(),
          end.network().parameters().stream()
              .map(ParameterSpec::shape)
              .mapToLong(shape -> shape.size())
              .sum(),
          modelBytes);
    }
  }
}
