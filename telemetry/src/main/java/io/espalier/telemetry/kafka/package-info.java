/** The broker, and what is written to and read from it: shipped outboxes, topics, data streams. */
package io.espalier.telemetry.kafka;
