package io.espalier.edge;

import io.espalier.console.BuildVersion;
import io.espalier.console.FailureReport;
import io.espalier.console.Program;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program of a device that has no engine: it enrols, and trains with kept weights only. */
@Command(
    name = "java -jar espalier-edge.jar",
    description = {
      "Take part in a federation that trains with kept weights only, without an engine.",
      "",
      "Start Java with --add-modules jdk.incubator.vector for SIMD; without it results are the same,"
          + " and slower."
    },
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = BuildVersion.class,
    synopsisSubcommandLabel = "COMMAND",
    sortOptions = false,
    usageHelpAutoWidth = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:the device cannot take part",
      "2:wrong usage",
      "130:interrupted",
    })
public final class Edge implements Callable<Integer> {
  @Spec private CommandSpec spec;

  private Edge() {}

  /** The commands of a device, for this program and others. */
  public static List<Object> commands() {
    return List.of(new EnrolCommand(), new EdgeCommand());
  }

  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Edge());
    commands().forEach(commandLine::addSubcommand);
    return Program.reporting(
        commandLine.addSubcommand(new HelpCommand()), FailureReport.ofEnvironment(System.getenv()));
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }

  public static void main(String[] args) {
    Program.main(commandLine(), args);
  }
}
