package io.espalier.cli.runs;

import io.espalier.service.RunState;
import io.espalier.service.client.ServiceClient.Action;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code espalier pause}: a run holds, and lets others go first. */
@Command(
    name = "pause",
    description = {
      "Let runs write a checkpoint at their next sync, then hold, without cores or memory.",
      "",
      "A queued run is held at once. 'espalier resume' puts a run back into the queue."
    },
    sortOptions = false)
public final class PauseCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call()
  private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "RUN",
      description = "Ids of runs, or as much of their beginnings as makes them clear.")
  private List<String> runs = new ArrayList<>();

  @Option(names = "--wait", description = "Return when the runs have paused.")
  private boolean wait;

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(names = "--json", description = "Print the runs as a JSON array.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    return new RunActionCommand(spec, server.client(), Action.PAUSE)
        .act(runs, wait ? Set.of(RunState.PAUSED) : Set.of(), json);
  }
}
