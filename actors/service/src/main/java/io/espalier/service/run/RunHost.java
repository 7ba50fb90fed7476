package io.espalier.service.run;

import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Consumer;

/**
 * The node of runs, shared by their entities.
 *
 * @param writer incarnation of the node; never reused
 * @param runs directory of the runs' directories
 */
public record RunHost(
    String node,
    String writer,
    Path runs,
    AttemptRegistry attempts,
    Consumer<Scheduler.Reported> scheduler,
    NodeMeters meters,
    Clock clock) {}
