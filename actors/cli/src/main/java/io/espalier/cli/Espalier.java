package io.espalier.cli;

import io.espalier.cli.federation.EdgeCommand;
import io.espalier.cli.federation.EnrolCommand;
import io.espalier.cli.federation.FederateCommand;
import io.espalier.cli.federation.SimulateCommand;
import io.espalier.cli.inspect.EvaluateCommand;
import io.espalier.cli.inspect.ExportCommand;
import io.espalier.cli.inspect.InspectCommand;
import io.espalier.cli.inspect.PredictCommand;
import io.espalier.cli.kafka.StreamCommand;
import io.espalier.cli.kafka.TopicsCommand;
import io.espalier.cli.runs.PauseCommand;
import io.espalier.cli.runs.ResumeCommand;
import io.espalier.cli.runs.RunsCommand;
import io.espalier.cli.runs.StopCommand;
import io.espalier.cli.runs.SubmitCommand;
import io.espalier.cli.runs.WatchCommand;
import io.espalier.cli.serve.DashboardCommand;
import io.espalier.cli.serve.NodeProcess;
import io.espalier.cli.serve.ServeCommand;
import io.espalier.cli.serve.ServiceLauncher;
import io.espalier.cli.train.ProfileCommand;
import io.espalier.cli.train.TrainCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program {@code espalier}: its command line, and what its exit codes mean. */
@Command(
    name = "espalier",
    description = "Train neural networks and prune them while they train.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = BuildVersion.class,
    synopsisSubcommandLabel = "COMMAND",
    sortOptions = false,
    usageHelpAutoWidth = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:the run failed",
      "2:wrong usage or recipe",
      "130:interrupted, with a checkpoint"
    })
public final class Espalier implements Callable<Integer> {
  @Spec private CommandSpec spec;

  private Espalier() {}

  /** Without a command there is nothing to do but to say which there are. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }

  public static void main(String[] args) {
    PrintWriter out = utf8(FileDescriptor.out);
    PrintWriter err = utf8(FileDescriptor.err);
    int exitCode = commandLine().setOut(out).setErr(err).execute(args);
    out.flush();
    err.flush();
    System.exit(exitCode);
  }

  /** The command line with all of its commands. */
  static CommandLine commandLine() {
    return commandLine(NodeProcess::launch);
  }

  /** The same with another way to start a service. */
  static CommandLine commandLine(ServiceLauncher launcher) {
    FailureReport failures = FailureReport.ofEnvironment(System.getenv());
    CommandLine commandLine =
        new CommandLine(new Espalier())
            .addSubcommand(new TrainCommand())
            .addSubcommand(new RecipesCommand())
            .addSubcommand(new EvaluateCommand())
            .addSubcommand(new PredictCommand())
            .addSubcommand(new InspectCommand())
            .addSubcommand(new ExportCommand())
            .addSubcommand(new ProfileCommand())
            .addSubcommand(new ReportCommand())
            .addSubcommand(new TailCommand())
            .addSubcommand(new TopicsCommand())
            .addSubcommand(new StreamCommand())
            .addSubcommand(new FederateCommand())
            .addSubcommand(new EnrolCommand())
            .addSubcommand(new EdgeCommand())
            .addSubcommand(new SimulateCommand())
            .addSubcommand(new ServeCommand(launcher))
            .addSubcommand(new DashboardCommand())
            .addSubcommand(new SubmitCommand())
            .addSubcommand(new RunsCommand())
            .addSubcommand(new WatchCommand())
            .addSubcommand(new PauseCommand())
            .addSubcommand(new ResumeCommand())
            .addSubcommand(new StopCommand());
    ServiceLoader.load(AddedCommand.class).forEach(commandLine::addSubcommand);
    return commandLine
        .addSubcommand(new GenerateCompletion())
        .addSubcommand(new HelpCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(failures::usage)
        .setExecutionExceptionHandler(failures::failure);
  }

  /** Output is UTF-8 whatever the locale; each line appears when it is printed. */
  private static PrintWriter utf8(FileDescriptor descriptor) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
  }
}
