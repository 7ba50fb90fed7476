package io.espalier.cli.serve;

import java.util.List;

/** The commands that serve. */
public final class ServeCommands {
  private ServeCommands() {}

  public static List<Object> all(RunningService.Launcher launcher) {
    return List.of(new ServeCommand(launcher), new DashboardCommand());
  }
}
