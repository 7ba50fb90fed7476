package io.espalier.federation.simulation;

/** The speed of a device and of its link, both ways. */
record Speed(double secondsPerStep, double bytesPerSecond) {}
