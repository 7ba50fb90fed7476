package io.espalier.cli.inspect;

import java.util.List;

/** The commands on stored networks. */
public final class NetworkCommands {
  private NetworkCommands() {}

  public static List<Object> all() {
    return List.of(
        new EvaluateCommand(),
        new PredictCommand(),
        new GenerateCommand(),
        new InspectCommand(),
        new AnalyseCommand(),
        new ExportCommand());
  }
}
