package io.espalier.bench.units;

/**
 * A worker's report of its finished run.
 *
 * @param quality accuracy on the test set in percent, or bits per character of a text
 * @param macs kept multiply-accumulates of an example
 */
record UnitOutcome(double quality, long macs) {}
