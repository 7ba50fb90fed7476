package io.espalier.actors.cli;

import io.espalier.actors.cli.bench.BenchCommand;
import io.espalier.actors.cli.dashboard.DashboardCommand;
import io.espalier.actors.cli.edge.EdgeCommand;
import io.espalier.actors.cli.federation.EnrolCommand;
import io.espalier.actors.cli.federation.FederateCommand;
import io.espalier.actors.cli.inspect.EvaluateCommand;
import io.espalier.actors.cli.inspect.ExportCommand;
import io.espalier.actors.cli.inspect.InspectCommand;
import io.espalier.actors.cli.inspect.PredictCommand;
import io.espalier.actors.cli.profile.ProfileCommand;
import io.espalier.actors.cli.serve.ServeCommand;
import io.espalier.actors.cli.serve.ServiceLauncher;
import io.espalier.actors.cli.serve.node.NodeProcess;
import io.espalier.actors.cli.service.PauseCommand;
import io.espalier.actors.cli.service.ResumeCommand;
import io.espalier.actors.cli.service.RunsCommand;
import io.espalier.actors.cli.service.StopCommand;
import io.espalier.actors.cli.service.SubmitCommand;
import io.espalier.actors.cli.service.WatchCommand;
import io.espalier.actors.cli.simulation.SimulateCommand;
import io.espalier.actors.cli.stream.StreamCommand;
import io.espalier.actors.cli.topics.TopicsCommand;
import io.espalier.actors.cli.train.TrainCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
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
    return new CommandLine(new Espalier())
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
        .addSubcommand(new StopCommand())
        .addSubcommand(new BenchCommand())
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
