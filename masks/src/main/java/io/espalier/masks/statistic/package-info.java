/** Statistics measured on data for scores, regrowth rules and refits, at averaged weights. */
package io.espalier.masks.statistic;
