/** What masks, trainers and mask updates cost in time, as ratios measured in one run. */
package io.espalier.bench.step;
