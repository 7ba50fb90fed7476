/** The read model of what a broker has, kept up to date as events come. */
@NullMarked
package io.espalier.telemetry.live;

import org.jspecify.annotations.NullMarked;
