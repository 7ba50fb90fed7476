package io.espalier.cli;

import io.espalier.training.run.RunReport;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "report",
    description = {
      "Writes report.html of a run anew from its events; the run need not be finished.",
      "",
      "With --compare the curves and figures of another run, such as a dense one, stand beside."
    },
    sortOptions = false)
final class ReportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "Run directory.")
  private Path directory;

  @Option(
      names = "--compare",
      paramLabel = "DIR",
      description = "Run directory to compare with, such as that of a dense run.")
  private Optional<Path> compared = Optional.empty();

  @Override
  public Integer call() {
    RunReport run = RunReport.of(directory);
    Path written = run.write(compared.map(RunReport::of).map(RunReport::verified));
    spec.commandLine().getOut().println("report    " + written);
    return ExitCode.OK;
  }
}
