package io.espalier.service.run;

import java.util.OptionalDouble;

/**
 * How far an attempt is.
 *
 * @param step completed steps, or rounds of a federation
 * @param accuracy of the newest evaluation
 */
public record AttemptProgress(long step, OptionalDouble accuracy, double sparsity) {}
