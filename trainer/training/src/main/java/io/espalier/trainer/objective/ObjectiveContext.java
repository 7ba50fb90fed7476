package io.espalier.trainer.objective;

/**
 * Describes the training that an objective is made for.
 *
 * @param labelSmoothing share of each label that a recipe spreads over all classes; an objective
 *     that has no use for it leaves it alone
 */
public record ObjectiveContext(int classes, double labelSmoothing, Teachers teachers) {}
