package io.espalier.cli.federation;

import java.util.List;

/** The commands of federations. */
public final class FederationCommands {
  private FederationCommands() {}

  public static List<Object> all() {
    return List.of(
        new FederateCommand(), new EnrolCommand(), new EdgeCommand(), new SimulateCommand());
  }
}
