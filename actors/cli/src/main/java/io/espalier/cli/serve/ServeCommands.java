package io.espalier.cli.serve;

import java.util.List;

/** The commands that serve. */
public final class ServeCommands {
  private ServeCommands() {}

  /** Returns the commands in the order of the help. */
  public static List<Object> all(RunningService.Launcher launcher) {
    return List.of(new ServeCommand(launcher), new DashboardCommand());
  }
}
