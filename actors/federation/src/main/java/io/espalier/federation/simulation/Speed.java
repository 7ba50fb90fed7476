package io.espalier.federation.simulation;

/** How fast a device trains, and how fast its link is, both ways. */
record Speed(double secondsPerStep, double bytesPerSecond) {}
