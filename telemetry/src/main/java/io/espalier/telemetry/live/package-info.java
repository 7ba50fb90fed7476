/** Reads events back: of all runs into the read model, or of one run for {@code tail}. */
package io.espalier.telemetry.live;
