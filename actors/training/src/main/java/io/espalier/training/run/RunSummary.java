package io.espalier.training.run;

import io.espalier.masks.MaskSet;
import io.espalier.telemetry.event.RunId;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.network.Macs;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.onnx.NetworkLatency;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.SparsityOutcome;
import io.espalier.trainer.sync.Committed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The flat facts of a finished run, in the order and under the names of {@code summary.json}. */
final class RunSummary {
  private RunSummary() {}

  /**
   * The facts of every run.
   *
   * @param label the name of the run's directory
   * @param id that of the run's events
   */
  static Map<String, Object> of(
      RunId label, RunId id, PreparedRun run, FinishedRun finished, int cuts, double wallSeconds) {
    MaskSet masks = finished.committed().masks().masks();
    Macs macs = Macs.of(finished.committed().run().network(), masks);
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("run", label.value());
    facts.put("id", id.value());
    facts.put("recipe", run.config().name());
    facts.put("model", run.config().model().architecture().kind());
    facts.put("data", run.dataset().name());
    facts.put("seed", run.config().seed());
    facts.put("trainers", run.config().train().trainers());
    facts.put("steps", steps(run, finished));
    facts.put("wallSeconds", wallSeconds);
    facts.put("accuracy", finished.test().accuracy());
    facts.put("loss", finished.test().loss());
    run.dataset()
        .metric()
        .bits(finished.test().loss())
        .ifPresent(
            bits -> {
              facts.put("bitsPerCharacter", bits);
              facts.put("perplexity", finished.test().perplexity());
            });
    facts.put("targetSparsity", run.config().prune().target().sparsity());
    facts.put("sparsity", masks.sparsity());
    SparsityOutcome.of(finished.committed())
        .ifPresent(
            outcome -> {
              facts.put("sparsityTolerance", outcome.tolerance());
              facts.put("withinTolerance", outcome.isWithinTolerance());
            });
    facts.put("prunable", masks.total());
    facts.put("kept", masks.kept());
    facts.put("maskVersion", masks.version().number());
    // A cut without an update has a version too; the updates of a federation are not planned.
    facts.put(
        "maskUpdates",
        run.channels().isPresent() ? run.plan().updates().size() : masks.version().number());
    facts.put("macs", macs.executed());
    facts.put("macsEffective", macs.effective());
    facts.put("macsDense", run.wholeNetwork().macs());
    facts.put("cuts", cuts);
    facts.put("parameters", finished.committed().run().network().values());
    facts.put("parametersDense", run.wholeNetwork().values());
    CutEvents.budget(run.config().prune().granularity())
        .ifPresent(budget -> facts.put("budget", budget));
    CutEvents.budgetShare(finished.committed()).ifPresent(share -> facts.put("budgetShare", share));
    facts.put("bytesSent", finished.traffic().sent());
    facts.put("bytesSentDense", finished.traffic().dense());
    if (finished.traffic().executedMacs() > 0) {
      facts.put("executedMacs", finished.traffic().executedMacs());
      facts.put("executionSwitches", executionSwitches(finished.committed()));
    }
    facts.put("state", "finished");
    facts.put("digest", finished.committed().digest());
    if (run.config().train().clock().stopEarly().isPresent()) {
      facts.put("plannedSteps", run.plan().totalSteps());
    }
    EarlyEnd.reason(finished).ifPresent(reason -> facts.put("endedEarly", reason));
    finished
        .validation()
        .best()
        .ifPresent(
            best -> {
              facts.put("bestStep", best.step());
              facts.put("bestValidationAccuracy", best.accuracy());
              best.bits().ifPresent(bits -> facts.put("bestValidationBitsPerCharacter", bits));
            });
    run.config()
        .parent()
        .ifPresent(
            parent -> {
              facts.put("parentRun", parent.run());
              facts.put("parentStep", parent.step());
              facts.put("parentChanges", parent.changes());
            });
    finished.committed().stream()
        .ifPresent(
            read -> {
              facts.put("streamExamples", read.at().accepted());
              facts.put("streamSkipped", read.at().skipped());
              facts.put("streamOffsets", read.at().offsets());
            });
    return facts;
  }

  /** Where another way to compute began than the engine. */
  private static List<Map<String, Object>> executionSwitches(Committed committed) {
    return committed.run().sparseFrom().stream()
        .filter(step -> step <= committed.step())
        .map(step -> Map.<String, Object>of("step", step, "execution", Execution.JAVA.stored()))
        .toList();
  }

  /** Steps that the run took; of a federation, rounds. */
  static long steps(PreparedRun run, FinishedRun finished) {
    return finished.endedEarly() ? finished.committed().step() : run.plan().totalSteps();
  }

  /**
   * Sizes of the finished and the whole network, {@code modelBytes} and {@code modelBytesDense};
   * for channels also {@code onnxSeconds} and {@code onnxSecondsDense}, if ONNX Runtime works here.
   */
  static Map<String, Object> sizes(PreparedRun run, Committed committed, long modelBytes) {
    Network whole = run.wholeNetwork();
    Network left = committed.run().network();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("modelBytes", modelBytes);
    facts.put("modelBytesDense", modelBytes + Float.BYTES * (whole.values() - left.values()));
    if (run.channels().isPresent()) {
      List<Double> seconds = NetworkLatency.ofExamples(List.of(left, whole));
      if (!seconds.isEmpty()) {
        facts.put("onnxSeconds", seconds.get(0));
        facts.put("onnxSecondsDense", seconds.get(1));
      }
    }
    return facts;
  }
}
