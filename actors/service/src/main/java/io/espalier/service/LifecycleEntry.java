package io.espalier.service;

import java.time.Instant;

/**
 * An event in a run's history.
 *
 * @param number from 1, without gaps
 * @param event such as {@code started}; {@code finished} where an earlier version wrote {@code
 *     completed}
 * @param state after the event
 * @param detail such as {@code term=2 node=n1 step=120}
 */
public record LifecycleEntry(
    long number, Instant time, String event, RunState state, String detail) {
  public LifecycleEntry {
    event = event.equals("completed") ? "finished" : event;
  }
}
