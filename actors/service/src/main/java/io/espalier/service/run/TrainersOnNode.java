package io.espalier.service.run;

/** Number of a run's trainers on one node, 1 or more. Names are stored: none may change. */
public record TrainersOnNode(String node, int trainers) {}
