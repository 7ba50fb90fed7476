/** The bench of scores: one trained network, pruned at once by each of them. */
package io.espalier.bench.scores;
