/** What two runs of one recipe must have in common, and Kafka with their outboxes. */
@NullMarked
package io.espalier.actors.cli.bench.chaos.check;

import org.jspecify.annotations.NullMarked;
