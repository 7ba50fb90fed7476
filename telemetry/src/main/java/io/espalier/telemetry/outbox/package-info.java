/** The append-only file of events in the run directory, from which all telemetry is built. */
package io.espalier.telemetry.outbox;
