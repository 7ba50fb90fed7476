/** What selection costs in time and what masks cost on the wire, as ratios within one run. */
@NullMarked
package io.espalier.actors.cli.bench.masks;

import org.jspecify.annotations.NullMarked;
