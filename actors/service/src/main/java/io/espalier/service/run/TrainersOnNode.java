package io.espalier.service.run;

/**
 * Some of a run's trainers on one node of the service.
 *
 * @param node its name
 * @param trainers how many, 1 or more
 */
public record TrainersOnNode(String node, int trainers) {}
