package io.espalier.service;

import java.time.Instant;

/**
 * One event of a run's life, as the journal has it.
 *
 * @param number from 1, without gaps
 * @param event such as {@code started}
 * @param state that the run was in from then on
 * @param detail what a person wants to know of it, such as {@code term=2 node=n1 step=120}
 */
public record LifecycleEntry(
    long number, Instant time, String event, RunState state, String detail) {}
