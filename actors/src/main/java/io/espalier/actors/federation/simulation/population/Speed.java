package io.espalier.actors.federation.simulation.population;

/** How fast a device trains, and how fast its link is, both ways. */
public record Speed(double secondsPerStep, double bytesPerSecond) {}
