/** The truth of a run's telemetry: an append-only file of events in the run directory. */
@NullMarked
package io.espalier.telemetry.outbox;

import org.jspecify.annotations.NullMarked;
