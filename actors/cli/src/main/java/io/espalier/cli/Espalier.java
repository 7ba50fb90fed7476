package io.espalier.cli;

import io.espalier.cli.federation.FederationCommands;
import io.espalier.cli.inspect.NetworkCommands;
import io.espalier.cli.kafka.KafkaCommands;
import io.espalier.cli.prune.PruneCommand;
import io.espalier.cli.runs.RunCommands;
import io.espalier.cli.serve.RunningService;
import io.espalier.cli.serve.ServeCommands;
import io.espalier.cli.train.TrainCommands;
import io.espalier.console.BuildVersion;
import io.espalier.console.FailureReport;
import io.espalier.console.Program;
import io.espalier.service.ServiceStartException;
import io.espalier.service.client.ServiceException;
import io.espalier.service.client.ServiceException.Reason;
import io.espalier.trainer.checkpoint.FencedException;
import io.espalier.training.run.InvalidRunDirectoryException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
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
      "130:interrupted, with a checkpoint",
      "143:ended by SIGTERM, where there is nothing to keep"
    })
public final class Espalier implements Callable<Integer> {
  @Spec private CommandSpec spec;

  private Espalier() {}

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }

  public static void main(String[] args) {
    Program.main(commandLineFor(args), args);
  }

  /** Executes a command in this process, and returns its exit code. */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    return Program.run(commandLineFor(args), out, err, args);
  }

  static CommandLine commandLine() {
    return commandLine(RunningService::launch);
  }

  static CommandLine commandLine(RunningService.Launcher launcher) {
    CommandLine commandLine = new CommandLine(new Espalier());
    commands(launcher).forEach(command -> add(commandLine, command));
    return reporting(
        commandLine.addSubcommand(new CompletionCommand()).addSubcommand(new HelpCommand()));
  }

  /**
   * With the command alone that arguments begin with: picocli takes a third of a second to read
   * those of all. With all of them where they begin with none.
   */
  private static CommandLine commandLineFor(String... arguments) {
    String first = arguments.length == 0 ? "" : arguments[0];
    Optional<Object> named =
        commands(RunningService::launch).stream()
            .filter(command -> command.getClass().getAnnotation(Command.class).name().equals(first))
            .findFirst();
    if (named.isEmpty()) {
      return commandLine();
    }
    CommandLine commandLine = new CommandLine(new Espalier());
    add(commandLine, named.get());
    return reporting(commandLine);
  }

  private static List<Object> commands(RunningService.Launcher launcher) {
    List<Object> commands = new ArrayList<>(TrainCommands.all());
    commands.add(new RecipesCommand());
    commands.add(new InstallCommand());
    commands.addAll(NetworkCommands.all());
    commands.add(new PruneCommand());
    commands.add(new TailCommand());
    commands.addAll(KafkaCommands.all());
    commands.addAll(FederationCommands.all());
    commands.addAll(ServeCommands.all(launcher));
    commands.addAll(RunCommands.all());
    ServiceLoader.load(AddedCommand.class).forEach(commands::add);
    return commands;
  }

  private static void add(CommandLine commandLine, Object command) {
    CommandLine added = new CommandLine(command);
    if (command instanceof AddedCommand parent) {
      parent.subcommands().forEach(added::addSubcommand);
    }
    commandLine.addSubcommand(added);
  }

  private static CommandLine reporting(CommandLine commandLine) {
    return Program.reporting(
        commandLine,
        FailureReport.ofEnvironment(System.getenv()).knowing(Espalier::isUsers, Espalier::saysAll));
  }

  private static boolean isUsers(Exception e) {
    return e instanceof InvalidRunDirectoryException
        || e instanceof ServiceStartException
        || (e instanceof ServiceException service && service.reason() != Reason.FAILED);
  }

  private static boolean saysAll(Exception e) {
    return e instanceof ServiceException || e instanceof FencedException;
  }
}
