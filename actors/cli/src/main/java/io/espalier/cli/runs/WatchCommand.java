package io.espalier.cli.runs;

import io.espalier.service.client.ServiceClient;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "watch",
    description = {
      "Shows a run of a service until it ends: its progress, and the reason where it waits.",
      "",
      "Ctrl-C ends the watching, not the run. When the service is started anew, watching goes on.",
      "Ends with 0 if the run finished, 1 if it failed or was cancelled, 130 if the watching was"
          + " interrupted."
    },
    sortOptions = false)
final class WatchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "RUN",
      description = "Id of a run, or as much of its beginning as makes it clear.")
  private String run = "";

  @Mixin private ServerOptions server;

  @Option(
      names = "--json",
      description = "Print the run's events, one line of JSON each; all else goes to stderr.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    ServiceClient client = server.client();
    return RunWatcher.on(spec, client, client.status(client.find(run)).value(), json);
  }
}
