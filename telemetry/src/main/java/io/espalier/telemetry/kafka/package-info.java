/** Kafka: broker, shipping of outboxes, topics as data streams. */
package io.espalier.telemetry.kafka;
