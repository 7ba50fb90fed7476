/** What selection costs in time and what masks cost on the wire, as ratios within one run. */
package io.espalier.bench.masks;
