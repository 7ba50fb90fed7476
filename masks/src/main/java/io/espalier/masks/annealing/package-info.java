/** Pruned units that still take part at random, less and less (stochastic masks). */
package io.espalier.masks.annealing;
