package io.espalier.cli.runs;

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

/** {@code espalier resume}: a paused or failed run goes on. */
@Command(
    name = "resume",
    description = {
      "Put paused or failed runs back into the queue; they go on from their newest checkpoint."
    },
    sortOptions = false)
public final class ResumeCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call()
  private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "RUN",
      description = "Ids of runs, or as much of their beginnings as makes them clear.")
  private List<String> runs = new ArrayList<>();

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(names = "--json", description = "Print the runs as a JSON array.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    return new RunActionCommand(spec, server.client(), Action.RESUME).act(runs, Set.of(), json);
  }
}
