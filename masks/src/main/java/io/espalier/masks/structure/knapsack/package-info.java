/** The exact choice of one option from each of several groups under a budget. */
@NullMarked
package io.espalier.masks.structure.knapsack;

import org.jspecify.annotations.NullMarked;
