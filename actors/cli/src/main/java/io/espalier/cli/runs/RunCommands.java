package io.espalier.cli.runs;

import java.util.List;

/** The commands on the runs and data sets of a service. */
public final class RunCommands {
  private RunCommands() {}

  public static List<Object> all() {
    return List.of(
        new SubmitCommand(),
        new RunsCommand(),
        new WatchCommand(),
        new RunActionCommand.Pause(),
        new RunActionCommand.Resume(),
        new RunActionCommand.Stop(),
        new DeleteCommand(),
        new FetchCommand(),
        new ReportCommand(),
        new DataCommand());
  }
}
