package io.espalier.cli.runs;

import io.espalier.console.CommandRefusedException;
import io.espalier.service.RunStatus;
import io.espalier.service.client.ServiceClient;
import io.espalier.service.client.ServiceException;
import io.espalier.service.client.ServiceException.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "delete",
    description = {
      "Deletes ended runs of a service for good: history, checkpoints, results.",
      "",
      "A run that has not ended is refused; end it first with 'espalier stop'. Needs a token of"
          + " the role operate or manage. Events that are in Kafka stay there until its topics"
          + " forget them."
    },
    sortOptions = false)
final class DeleteCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "RUN",
      description = "Ids of runs, or as much of their beginnings as makes them clear.")
  private List<String> runs = new ArrayList<>();

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  private boolean yes;

  @Mixin private ServerOptions server;

  /** Nothing is deleted before all runs are found, have ended, and the user agrees. */
  @Override
  public Integer call() throws IOException, InterruptedException {
    ServiceClient client = server.client();
    List<RunStatus> ended = new ArrayList<>();
    for (String run : runs) {
      ended.add(ended(client.status(client.find(run)).value()));
    }
    if (!yes && !agrees(ended)) {
      spec.commandLine().getErr().println("nothing deleted");
      return ExitCode.USAGE;
    }
    int exitCode = ExitCode.OK;
    for (RunStatus run : ended) {
      exitCode = Math.max(exitCode, delete(client, run.run()));
    }
    spec.commandLine().getOut().flush();
    return exitCode;
  }

  private static RunStatus ended(RunStatus run) {
    if (!run.state().isEnded()) {
      throw new CommandRefusedException(
          "a run to delete must have ended: RUN=%s, state=%s; end it with 'espalier stop %s'"
              .formatted(run.run(), RunTexts.spelling(run.state()), run.run()));
    }
    return run;
  }

  @SuppressWarnings("SystemConsoleNull") // null without a terminal on JDK 17
  private boolean agrees(List<RunStatus> ended) {
    if (System.console() == null) {
      throw new CommandRefusedException(
          "a deletion must be confirmed: no terminal to ask at; give --yes");
    }
    for (RunStatus run : ended) {
      spec.commandLine().getOut().println(RunTexts.spelling(run.state()) + " " + run.run());
    }
    spec.commandLine().getOut().flush();
    String answer = System.console().readLine("delete for good? [y/N] ");
    return answer != null && answer.strip().matches("(?i)y|yes");
  }

  private int delete(ServiceClient client, String run) throws InterruptedException {
    try {
      client.delete(run);
    } catch (ServiceException e) {
      if (e.reason() == Reason.UNREACHABLE || e.reason() == Reason.UNAUTHORIZED) {
        throw e;
      }
      spec.commandLine().getErr().println("espalier: " + e.getMessage());
      return ExitCode.USAGE;
    }
    spec.commandLine().getOut().println("deleted    " + run);
    return ExitCode.OK;
  }
}
