package io.espalier.configs;

import java.util.List;

/**
 * The run that this one goes on from.
 *
 * @param run id of the other run
 * @param step completed steps of the checkpoint that was taken over; 0 if there was none
 * @param changes settings that differ from the other run's, as {@code key = value}
 */
public record ParentConfig(String run, long step, List<String> changes) {
  public ParentConfig {
    changes = List.copyOf(changes);
    new Rules()
        .require("run", run, !run.isBlank(), "the id of a run")
        .require("step", step, step >= 0, "0 or more")
        .verify();
  }
}
