package io.espalier.cli.inspect;

import io.espalier.cli.console.Candidates;
import io.espalier.cli.console.OutputPath;
import io.espalier.console.CommandRefusedException;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.SparseFile;
import io.espalier.trainer.model.LoadedModel;
import io.espalier.trainer.onnx.OnnxExport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "export",
    description = {
      "Writes a stored network in another form; its values stay the same, to the last bit.",
      "",
      "sparse       safetensors with the values that are not 0 and packed masks of where they are;"
          + " evaluate, predict, inspect and model.weights read it as they read the dense file",
      "safetensors  every value in full, for other programs",
      "onnx         the network itself (opset "
          + OnnxExport.OPSET
          + "), for any runtime that reads ONNX: it takes a batch of any size, normalised as its"
          + " metadata say, and gives logits",
      "",
      "Takes a run directory, or any safetensors file in either form; onnx needs one that Espalier"
          + " wrote."
    },
    sortOptions = false)
final class ExportCommand implements Callable<Integer> {
  private static final String FORMATS = "sparse, safetensors, onnx";

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR|FILE", description = "Run directory or safetensors file.")
  private Path path;

  @Option(
      names = "--format",
      required = true,
      paramLabel = "FORMAT",
      completionCandidates = Candidates.ExportFormats.class,
      description = "One of " + FORMATS + ".")
  private String format = "";

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT",
      description = "File to write.")
  private Path out = Path.of("");

  @Option(
      names = "--probabilities",
      description = "Of onnx: a softmax at the end, so that it gives probabilities, not logits.")
  private boolean probabilities;

  @Option(names = "--force", description = "Replace OUT if it exists.")
  private boolean force;

  @Override
  public Integer call() throws IOException {
    requireFormat();
    Path source = NamedFile.of(path).path();
    Path target = OutputPath.file(out, source, force);
    if (format.equals("onnx")) {
      exportOnnx(source, target);
      return ExitCode.OK;
    }
    Safetensors dense = SparseFile.readDense(source);
    Safetensors exported = format.equals("sparse") ? SparseFile.packed(source, dense) : dense;
    Safetensors.write(target, exported.tensors(), exported.metadata());
    spec.commandLine().getOut().println(summary(dense, Files.size(target)));
    return ExitCode.OK;
  }

  private void exportOnnx(Path source, Path target) throws IOException {
    LoadedModel model = StoredNetworkFile.load(source);
    try {
      OnnxExport export = OnnxExport.of(model);
      (probabilities ? export.withProbabilities() : export).write(target);
      spec.commandLine().getOut().println(summary(model, export, Files.size(target)));
    } catch (IllegalArgumentException e) {
      throw new CommandRefusedException(String.valueOf(e.getMessage()));
    }
  }

  private String summary(LoadedModel model, OnnxExport export, long bytes) {
    return String.format(
        Locale.ROOT,
        "%s  %,d bytes, opset %d, input %s, output %s [batch, %s%d]",
        out,
        bytes,
        OnnxExport.OPSET,
        export.inputs(),
        probabilities ? OnnxExport.PROBABILITIES : OnnxExport.OUTPUT,
        model.network().positions() > 1 ? model.network().positions() + ", " : "",
        model.network().outputs());
  }

  private void requireFormat() {
    if (!List.of(FORMATS.split(", ")).contains(format)) {
      throw new CommandRefusedException(
          "format must be one of %s: format=%s".formatted(FORMATS, format));
    }
    if (probabilities && !format.equals("onnx")) {
      throw new CommandRefusedException(
          "probabilities must be of format onnx, other formats hold no computation: format=%s; leave --probabilities away"
              .formatted(format));
    }
  }

  private String summary(Safetensors dense, long bytes) {
    long denseBytes =
        dense.tensors().values().stream().mapToLong(tensor -> tensor.view().remaining()).sum();
    String written = String.format(Locale.ROOT, "%s  %,d bytes", out, bytes);
    return bytes < denseBytes
        ? String.format(
            Locale.ROOT,
            "%s, %.1f× smaller than its tensors with their zeros",
            written,
            (double) denseBytes / bytes)
        : written;
  }
}
