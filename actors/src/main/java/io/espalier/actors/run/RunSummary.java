package io.espalier.actors.run;

import io.espalier.masks.MaskSet;
import io.espalier.trainer.model.Macs;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import java.util.LinkedHashMap;
import java.util.Map;

/** The flat facts of a finished run, in the order and under the names of {@code summary.json}. */
final class RunSummary {
  private RunSummary() {}

  static Map<String, Object> of(
      String runId, PreparedRun run, FinishedRun finished, Macs macs, double wallSeconds) {
    MaskSet masks = finished.committed().masks().masks();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("run", runId);
    facts.put("recipe", run.config().name());
    facts.put("model", run.config().model().architecture().kind());
    facts.put("data", run.dataset().name());
    facts.put("seed", run.config().seed());
    facts.put("trainers", run.config().train().trainers());
    facts.put("steps", run.plan().totalSteps());
    facts.put("wallSeconds", wallSeconds);
    facts.put("accuracy", finished.test().accuracy());
    facts.put("loss", finished.test().loss());
    facts.put("targetSparsity", run.config().prune().sparsity());
    facts.put("sparsity", masks.sparsity());
    facts.put("prunable", masks.total());
    facts.put("kept", masks.kept());
    facts.put("maskVersion", masks.version().number());
    facts.put("maskUpdates", run.plan().updates().size());
    facts.put("macs", macs.executed());
    facts.put("macsEffective", macs.effective());
    facts.put("macsDense", run.network().macs());
    facts.put("bytesSent", finished.traffic().sent());
    facts.put("bytesSentDense", finished.traffic().dense());
    facts.put("state", "finished");
    facts.put("digest", finished.committed().digest());
    finished.committed().stream()
        .ifPresent(
            read -> {
              facts.put("streamExamples", read.at().accepted());
              facts.put("streamSkipped", read.at().skipped());
              facts.put("streamOffsets", read.at().offsets());
            });
    return facts;
  }
}
