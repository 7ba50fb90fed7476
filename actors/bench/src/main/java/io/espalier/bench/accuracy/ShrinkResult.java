package io.espalier.bench.accuracy;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.espalier.bench.harness.ResultStore;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.CodeVersion;
import io.espalier.trainer.run.FinishedRun;
import java.util.List;

/**
 * The outcome of one run.
 *
 * @param row the line's label
 */
record ShrinkResult(String key, String row, long seed, Outcome outcome, String codeVersion)
    implements ResultStore.Keyed {
  static ShrinkResult of(ShrinkTrial trial, Outcome outcome) {
    return new ShrinkResult(
        trial.key(), trial.row().label(), trial.seed(), outcome, CodeVersion.current());
  }

  /**
   * A worker's report of its finished run.
   *
   * @param accuracy on the test set, from 0 to 1
   * @param bits per character of a text on the test set, else 0
   */
  record Outcome(
      @JsonUnwrapped RunTimes cost, double accuracy, double bits, @JsonUnwrapped FinalSize size) {
    static Outcome of(
        List<TurnLog.Turn> turns, FinishedRun finished, long modelBytes, long sparseBytes) {
      TurnLog.Turn last = turns.get(turns.size() - 1);
      PreparedRun end = finished.committed().run();
      return new Outcome(
          new RunTimes(
              turns.stream().mapToDouble(TurnLog.Turn::seconds).sum(),
              last.stepSeconds(),
              turns.stream().mapToLong(TurnLog.Turn::peakBytes).max().orElseThrow(),
              last.residentBytes(),
              turns.stream().mapToInt(TurnLog.Turn::cuts).sum(),
              turns.stream()
                  .mapToDouble(turn -> turn.slowestCutSeconds() / turn.stepSeconds())
                  .max()
                  .orElseThrow()),
          finished.test().accuracy(),
          end.dataset().metric().bits(finished.test().loss()).orElse(0),
          new FinalSize(
              end.network().macs(),
              end.network().parameters().stream()
                  .map(ParameterSpec::shape)
                  .mapToLong(shape -> shape.size())
                  .sum(),
              modelBytes,
              sparseBytes));
    }
  }

  /**
   * Time and memory.
   *
   * @param seconds processor time of all turns
   * @param stepSeconds median processor time of a step in the last turn
   * @param peakBytes most resident memory of the process
   * @param cutSteps what the slowest cut took, in steps of the turn that it fell into
   */
  record RunTimes(
      double seconds,
      double stepSeconds,
      long peakBytes,
      long residentBytes,
      int cuts,
      double cutSteps) {}

  /**
   * The finished network.
   *
   * @param macs per example
   * @param sparseBytes of a file of the kept weights only
   */
  record FinalSize(long macs, long parameters, long modelBytes, long sparseBytes) {}
}
