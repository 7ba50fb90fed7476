package io.espalier.trainer.executor;

import io.espalier.trainer.objective.Objective;

/**
 * Holds what outlives the executors of a replica; the replica closes it.
 *
 * @param trainer index of the replica, by which masks draw
 * @param progress to be called after each batch of a measurement
 */
public record ExecutorContext(int trainer, Objective objective, Runnable progress) {}
