/** A topic of Kafka as a run's stream of examples. */
@NullMarked
package io.espalier.actors.stream;

import org.jspecify.annotations.NullMarked;
