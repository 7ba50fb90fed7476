/** What masks, trainers and mask updates cost in time, as ratios measured in one run. */
@NullMarked
package io.espalier.actors.cli.bench.step;

import org.jspecify.annotations.NullMarked;
