/** The bench of units of pruning: accuracy at one sparsity against the time of a step. */
package io.espalier.bench.units;
