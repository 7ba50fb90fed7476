/** The telemetry of runs: events, their outbox, Kafka, the read model and the report. */
package io.espalier.telemetry;
