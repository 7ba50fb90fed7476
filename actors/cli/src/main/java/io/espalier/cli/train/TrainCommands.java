package io.espalier.cli.train;

import java.util.List;

/** The commands {@code train} and {@code profile}. */
public final class TrainCommands {
  private TrainCommands() {}

  public static List<Object> all() {
    return List.of(new TrainCommand(), new ProfileCommand());
  }
}
