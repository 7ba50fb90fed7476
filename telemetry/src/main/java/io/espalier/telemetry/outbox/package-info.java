/** The truth of a run's telemetry: an append-only file of events in the run directory. */
package io.espalier.telemetry.outbox;
