/** Everything that a run tells the world: events, their outbox, Kafka, and the report. */
package io.espalier.telemetry;
