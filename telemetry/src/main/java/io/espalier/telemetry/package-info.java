/** Everything that a run tells the world: events, their outbox, Kafka, and the report. */
@NullMarked
package io.espalier.telemetry;

import org.jspecify.annotations.NullMarked;
