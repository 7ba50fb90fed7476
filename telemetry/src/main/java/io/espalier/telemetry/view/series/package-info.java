/** Bounded collections of what was measured at steps, of which attempts take parts back. */
@NullMarked
package io.espalier.telemetry.view.series;

import org.jspecify.annotations.NullMarked;
