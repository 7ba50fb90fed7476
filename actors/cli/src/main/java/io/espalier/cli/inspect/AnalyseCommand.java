package io.espalier.cli.inspect;

import io.espalier.cli.console.JsonOutput;
import io.espalier.cli.console.ProgressLine;
import io.espalier.configs.RunConfig;
import io.espalier.configs.file.AtomicFile;
import io.espalier.console.CommandRefusedException;
import io.espalier.trainer.analysis.AnalysedNetwork;
import io.espalier.trainer.analysis.Analysis;
import io.espalier.trainer.analysis.AnalysisProgress;
import io.espalier.trainer.analysis.AnalysisSettings;
import io.espalier.trainer.analysis.Diagnostic;
import io.espalier.trainer.analysis.Diagnostics;
import io.espalier.trainer.analysis.NetworkDiagnostic;
import io.espalier.trainer.analysis.WeightDiagnostic;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.Sha256;
import io.espalier.trainer.file.SparseFile;
import io.espalier.trainer.model.LoadedModel;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.model.StoredModel;
import io.espalier.training.run.RunReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "analyse",
    description = {
      "Analyses a stored network: how sure its answers are, what it loses by class and on corrupted"
          + " images, which layers bear more pruning, whether a score tells what may go.",
      "",
      "Takes a run directory or a model file, dense or sparse; pq-index takes any safetensors file."
          + " All others run the network, on the engine with all weights, on the data of its recipe"
          + " or with --labels on the rows of a file. The same command gives the same digits."
    },
    sortOptions = false)
final class AnalyseCommand implements Callable<Integer> {
  private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "DIR|FILE", description = "Run directory or model file.")
  private Path path;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "NAME",
      description = "Only these diagnostics, as ece,sharpness (default: all that are possible).")
  private List<String> only = List.of();

  @Mixin private DataOptions data;

  @Mixin private AnalysisOptions measuring;

  @Option(
      names = "--report",
      description =
          "Also write analysis.json into the run directory, and its report anew with a section for"
              + " it.")
  private boolean report;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Spec
  void describe(CommandSpec own) {
    spec = own;
    own.usageMessage()
        .footerHeading("%nDiagnostics:%n")
        .footer(
            Diagnostics.all().stream()
                .map(each -> "%s: %s".formatted(each.name(), each.summary()))
                .toArray(String[]::new));
  }

  @Override
  public Integer call() throws IOException {
    List<Diagnostic> asked = asked();
    Path file = NamedFile.of(path).path();
    AnalysisSettings settings = measuring.settings();
    if (report) {
      requireReport();
    }
    AnalysisText text = analysed(file, asked, settings);
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? JsonOutput.text(text.json()) : text.table());
    if (report) {
      spec.commandLine().getErr().println("report    " + reported(file, text));
    }
    return ExitCode.OK;
  }

  /** Refuses before the work a report that cannot be written. */
  private void requireReport() {
    if (!Files.isDirectory(path)) {
      throw new CommandRefusedException(
          "a report must be that of a run directory: path=%s; name the directory, or leave --report away"
              .formatted(path));
    }
    Objects.requireNonNull(RunReport.of(path).verified());
  }

  /** Writes what was found beside the model, and the report anew: both or neither. */
  private Path reported(Path model, AnalysisText text) throws IOException {
    Map<String, Object> facts = text.json();
    facts.put(RunReport.ANALYSED_MODEL, Sha256.ofFile(model));
    byte[] written = JsonOutput.text(facts).getBytes(StandardCharsets.UTF_8);
    Path analysis = path.resolve(RunReport.ANALYSIS);
    Path beside = path.resolve(AtomicFile.partOf(RunReport.ANALYSIS));
    try {
      AtomicFile.write(beside, out -> out.write(written));
      Path html = RunReport.of(path).analysed(written).write(Optional.empty());
      AtomicFile.move(beside, analysis);
      return html;
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private List<Diagnostic> asked() {
    try {
      return only.isEmpty() ? Diagnostics.all() : Diagnostics.named(only);
    } catch (IllegalArgumentException e) {
      throw new CommandRefusedException(String.valueOf(e.getMessage()));
    }
  }

  private AnalysisText analysed(Path file, List<Diagnostic> asked, AnalysisSettings settings)
      throws IOException {
    if (asked.stream().allMatch(WeightDiagnostic.class::isInstance) || isForeign(file)) {
      return ofWeights(file, asked);
    }
    StoredModel stored = ModelFile.read(file);
    RunConfig config = data.config(stored);
    LoadedModel model = stored.load(config, Execution.ENGINE);
    PrintWriter errors = spec.commandLine().getErr();
    Dataset dataset =
        data.areRows(stored)
            ? LabelledRows.read(model, data.rows(), LabelledRows.notices(errors))
            : data.load(model, config, errors);
    ProgressLine line = ProgressLine.of(errors);
    AnalysisProgress progress =
        (diagnostic, done, total) -> line.show(() -> progress(diagnostic, done, total));
    try (AnalysedNetwork network = AnalysedNetwork.of(model, dataset, settings, progress)) {
      requirePossible(asked, network);
      Analysis analysis = Analysis.of(file, asked, network);
      return new AnalysisText(file, dataset.name(), analysis);
    } finally {
      line.clear();
    }
  }

  private static boolean isForeign(Path file) throws IOException {
    String format = Safetensors.readMetadata(file).getOrDefault("format", "");
    return !format.equals(ModelFile.FORMAT) && !format.equals(SparseFile.FORMAT);
  }

  private AnalysisText ofWeights(Path file, List<Diagnostic> asked) throws IOException {
    String reason = "the file is no model of Espalier, which names its network and data";
    Analysis analysis = Analysis.ofWeights(file, asked, reason);
    if (!only.isEmpty() && !analysis.skipped().isEmpty()) {
      throw refused(analysis.skipped().keySet().iterator().next(), reason);
    }
    return new AnalysisText(file, "", analysis);
  }

  /** Refuses before the work what was asked for by name and cannot be. */
  private void requirePossible(List<Diagnostic> asked, AnalysedNetwork network) {
    for (Diagnostic each : only.isEmpty() ? List.<Diagnostic>of() : asked) {
      if (each instanceof NetworkDiagnostic ofNetwork) {
        ofNetwork
            .obstacle(network)
            .ifPresent(
                reason -> {
                  throw refused(each.name(), reason);
                });
      }
    }
  }

  private static CommandRefusedException refused(String name, String reason) {
    return new CommandRefusedException(
        "a diagnostic must be possible to be asked for: --only %s: %s".formatted(name, reason));
  }

  private static String progress(String diagnostic, int done, int total) {
    return String.format(
        Locale.ROOT,
        "%s %s %,d of %,d",
        diagnostic,
        ProgressLine.bar((double) done / Math.max(1, total)),
        done,
        total);
  }
}
