package io.espalier.training.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.configs.fault.CrashPoint;
import io.espalier.telemetry.view.Report;
import io.espalier.telemetry.view.Report.ReportedRun;
import io.espalier.trainer.model.MaskFile;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Writes what a finished run leaves; each file whole or not at all, {@code summary.json} last. */
final class RunArtifacts {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RunArtifacts() {}

  static void writeModel(
      RunDirectory directory, PreparedRun run, FinishedRun finished, String recipe)
      throws IOException {
    directory.requireRunEpoch();
    ModelFile.write(directory.model(), run, finished.committed(), recipe);
    CrashPoint.MODEL_WRITTEN.pass();
    MaskFile.write(directory.masks(), finished.committed().masks().masks());
  }

  static void writeReport(RunDirectory directory, Map<String, Object> summary) throws IOException {
    directory.requireRunEpoch();
    OptionalLong modelBytes = OptionalLong.of(Files.size(directory.model()));
    Report.write(
        new ReportedRun(directory.path(), modelBytes, summary),
        Optional.empty(),
        directory.report());
  }

  static void writeSummary(RunDirectory directory, Map<String, Object> summary) throws IOException {
    directory.writeText(
        "summary.json", JSON.writerWithDefaultPrettyPrinter().writeValueAsString(summary) + "\n");
  }
}
