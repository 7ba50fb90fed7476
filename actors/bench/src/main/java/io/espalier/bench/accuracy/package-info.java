/**
 * Benches of accuracy: recipes, federations and networks with cut channels, trained over several
 * seeds.
 */
package io.espalier.bench.accuracy;
