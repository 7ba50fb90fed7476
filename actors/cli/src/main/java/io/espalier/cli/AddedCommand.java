package io.espalier.cli;

import java.util.List;

/** A command from another jar on the class path, found by {@link java.util.ServiceLoader}. */
public interface AddedCommand {
  /** Returns its sub-commands in the order of its help, as picocli commands. */
  default List<Object> subcommands() {
    return List.of();
  }
}
