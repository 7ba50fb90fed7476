package io.espalier.bench.accuracy;

import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import java.util.List;

/**
 * What a worker says of its finished run.
 *
 * @param seconds of all turns
 * @param stepSeconds median time of a step in the last turn
 * @param peakBytes most resident memory of the process
 * @param residentBytes of the process at the end
 * @param cutSteps what the slowest cut took, in steps of the turn that it fell into
 * @param accuracy on the test set, from 0 to 1
 * @param macs per example of the finished network
 * @param parameters values of the finished network
 * @param modelBytes of {@code model.safetensors}
 */
record ShrinkOutcome(
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
  static ShrinkOutcome of(List<TrainingTurn> turns, FinishedRun finished, long modelBytes) {
    TrainingTurn last = turns.get(turns.size() - 1);
    PreparedRun end = finished.committed().run();
    return new ShrinkOutcome(
        turns.stream().mapToDouble(TrainingTurn::seconds).sum(),
        last.stepSeconds(),
        turns.stream().mapToLong(TrainingTurn::peakBytes).max().orElseThrow(),
        last.residentBytes(),
        turns.stream().mapToInt(TrainingTurn::cuts).sum(),
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
