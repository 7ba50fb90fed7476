/** Commands on Kafka: {@code topics} and {@code stream}. */
package io.espalier.cli.kafka;
