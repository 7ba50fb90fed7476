package io.espalier.cli.federation;

import io.espalier.edge.Edge;
import java.util.ArrayList;
import java.util.List;

/** The commands of federations. */
public final class FederationCommands {
  private FederationCommands() {}

  public static List<Object> all() {
    List<Object> all = new ArrayList<>(List.of(new FederateCommand()));
    all.addAll(Edge.commands());
    all.add(new SimulateCommand());
    return all;
  }
}
