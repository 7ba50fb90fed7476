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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

/** Asks the same of several runs; what one refuses does not keep the others. */
final class RunActionCommand {
  private static final Duration LOOK = Duration.ofMillis(500);

  private final CommandSpec spec;
  private final ServiceClient client;
  private final Action action;
  private final List<JsonNode> answers = new ArrayList<>();
  private int exitCode = ExitCode.OK;

  RunActionCommand(CommandSpec spec, ServiceClient client, Action action) {
    this.spec = spec;
    this.client = client;
    this.action = action;
  }

  /**
   * Asks, and prints what came of it.
   *
   * @param until states that are waited for; none to wait for nothing
   * @return 0, or 1 if a run came to another state, or 2 if one refused
   */
  int act(List<String> runs, Set<RunState> until, boolean json) throws InterruptedException {
    for (String run : runs) {
      try {
        Response<RunStatus> answer = client.act(client.find(run), action);
        if (!until.isEmpty()) {
          answer = awaited(answer, until);
        }
        tell(answer, json);
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

  private Response<RunStatus> awaited(Response<RunStatus> first, Set<RunState> until)
      throws InterruptedException {
    Response<RunStatus> answer = first;
    while (!until.contains(answer.value().state()) && !answer.value().state().isEnded()) {
      Thread.sleep(LOOK.toMillis());
      answer = client.status(answer.value().run());
    }
    if (!until.contains(answer.value().state())) {
      exitCode = Math.max(exitCode, ExitCode.SOFTWARE);
    }
    return answer;
  }

  private void tell(Response<RunStatus> answer, boolean json) {
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
                .formatted(RunTexts.spelling(run.state()), run.run(), run.step(), note));
  }
}
