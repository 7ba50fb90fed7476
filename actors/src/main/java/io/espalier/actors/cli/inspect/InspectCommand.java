package io.espalier.actors.cli.inspect;

import io.espalier.actors.cli.host.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code espalier inspect}: parameters, shapes, densities and sizes of a stored network. */
@Command(
    name = "inspect",
    description = {
      "Show what a stored network holds: parameters, shapes, densities, sizes.",
      "",
      "Takes a run directory, a model file, dense or sparse, a mask file, or any safetensors file."
    })
public final class InspectCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR|FILE", description = "Run directory or safetensors file.")
  private Path path;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Inspection inspection = Inspection.of(StoredFile.of(path));
    spec.commandLine()
        .getOut()
        .println(
            json ? Json.text(InspectionText.json(inspection)) : InspectionText.table(inspection));
    return ExitCode.OK;
  }
}
