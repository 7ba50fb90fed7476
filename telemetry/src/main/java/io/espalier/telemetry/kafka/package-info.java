/** The projection of outboxes onto Kafka: a broker of our own, the way there, and the way back. */
@NullMarked
package io.espalier.telemetry.kafka;

import org.jspecify.annotations.NullMarked;
