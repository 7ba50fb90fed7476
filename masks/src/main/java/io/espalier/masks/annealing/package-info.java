/** Pruned units that still take part at random, less and less (stochastic masks). */
@NullMarked
package io.espalier.masks.annealing;

import org.jspecify.annotations.NullMarked;
