package io.espalier.cli.runs;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.cli.console.JsonOutput;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.service.client.ServiceClient;
import io.espalier.service.client.ServiceClient.Action;
import io.espalier.service.client.ServiceClient.Response;
import io.espalier.service.client.ServiceException;
import io.espalier.service.client.ServiceException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Commands that ask the same of several runs: a refusal of one does not affect the others. */
abstract class RunActionCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(500);

  private final Action action;
  private final List<JsonNode> answers = new ArrayList<>();
  private int exitCode = ExitCode.OK;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "RUN",
      description = "Ids of runs, or as much of their beginnings as makes them clear.")
  private List<String> runs = new ArrayList<>();

  @Mixin private ServerOptions server;

  @Option(names = "--json", description = "Print the runs as a JSON array.")
  private boolean json;

  private RunActionCommand(Action action) {
    this.action = action;
  }

  @Command(
      name = "pause",
      description = {
        "Pauses runs: each writes a checkpoint at its next sync, then holds no cores or memory.",
        "",
        "A queued run pauses at once. 'espalier resume' puts a run back into the queue."
      },
      sortOptions = false)
  static final class Pause extends RunActionCommand {
    @Option(names = "--wait", description = "Return when the runs have paused.")
    private boolean wait;

    Pause() {
      super(Action.PAUSE);
    }

    @Override
    Optional<RunState> awaited() {
      return Optional.of(RunState.PAUSED).filter(state -> wait);
    }
  }

  @Command(
      name = "resume",
      description =
          "Puts paused or failed runs back into the queue; they go on from their newest"
              + " checkpoint.",
      sortOptions = false)
  static final class Resume extends RunActionCommand {
    Resume() {
      super(Action.RESUME);
    }

    @Override
    Optional<RunState> awaited() {
      return Optional.empty();
    }
  }

  @Command(
      name = "stop",
      description = {
        "Ends runs without a result: training since their newest checkpoint is lost.",
        "",
        "To hold a run and go on with it later, use 'espalier pause'."
      },
      sortOptions = false)
  static final class Stop extends RunActionCommand {
    @Option(names = "--wait", description = "Return when the runs have ended.")
    private boolean wait;

    Stop() {
      super(Action.CANCEL);
    }

    @Override
    Optional<RunState> awaited() {
      return Optional.of(RunState.CANCELLED).filter(state -> wait);
    }
  }

  abstract Optional<RunState> awaited();

  /** Returns 0, or 1 if a run ended in another state than awaited, or 2 if one was refused. */
  @Override
  public final Integer call() throws IOException, InterruptedException {
    ServiceClient client = server.client();
    for (String run : runs) {
      try {
        show(awaited(client, client.act(client.find(run), action)));
      } catch (ServiceException e) {
        if (e.reason() == Reason.UNREACHABLE || e.reason() == Reason.UNAUTHORIZED) {
          throw e;
        }
        spec.commandLine().getErr().println("espalier: " + e.getMessage());
        exitCode = ExitCode.USAGE;
      }
    }
    if (json) {
      spec.commandLine().getOut().println(JsonOutput.text(answers));
    }
    spec.commandLine().getOut().flush();
    return exitCode;
  }

  private Response<RunStatus> awaited(ServiceClient client, Response<RunStatus> first)
      throws InterruptedException {
    Optional<RunState> awaited = awaited();
    Response<RunStatus> answer = first;
    if (awaited.isEmpty()) {
      return answer;
    }
    while (answer.value().state() != awaited.get() && !answer.value().state().isEnded()) {
      Thread.sleep(POLL.toMillis());
      answer = client.status(answer.value().run());
    }
    if (answer.value().state() != awaited.get()) {
      exitCode = Math.max(exitCode, ExitCode.SOFTWARE);
    }
    return answer;
  }

  private void show(Response<RunStatus> answer) {
    RunStatus run = answer.value();
    if (json) {
      answers.add(answer.json());
      return;
    }
    String note = RunTexts.note(run).map(text -> "; " + text).orElse("");
    spec.commandLine()
        .getOut()
        .println(
            "%-10s %s at step %d%s"
                .formatted(RunTexts.spelling(run.state()), run.run(), run.reached().step(), note));
  }
}
