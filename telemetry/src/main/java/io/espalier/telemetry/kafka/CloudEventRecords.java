package io.espalier.telemetry.kafka;

import static java.util.Map.entry;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.cloudevents.rw.CloudEventRWException;
import io.espalier.telemetry.event.RawEnvelope;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Envelopes as Kafka records: CloudEvents 1.0 in binary mode.
 *
 * <p>The value is the event as JSON. The headers are {@code ce_specversion}, {@code ce_id}, {@code
 * ce_source}, {@code ce_type}, {@code ce_time}, {@code content-type} and the extensions {@code
 * ce_sequence} and {@code ce_attempt}, all UTF-8 text.
 */
public final class CloudEventRecords {
  private static final String SEQUENCE = "sequence";
  private static final String ATTEMPT = "attempt";
  private static final Map<String, Object> CONSUMER =
      Map.ofEntries(
          entry("key.deserializer", StringDeserializer.class),
          entry("value.deserializer", ByteArrayDeserializer.class),
          entry("auto.offset.reset", "earliest"),
          entry("enable.auto.commit", false),
          entry("allow.auto.create.topics", false));

  private CloudEventRecords() {}

  public static ProducerRecord<String, byte[]> write(RawEnvelope envelope) {
    CloudEvent event =
        CloudEventBuilder.v1()
            .withId(envelope.id())
            .withSource(URI.create(envelope.source()))
            .withType(envelope.type())
            .withTime(OffsetDateTime.ofInstant(envelope.time(), ZoneOffset.UTC))
            .withExtension(SEQUENCE, Long.toString(envelope.sequence()))
            .withExtension(ATTEMPT, Integer.toString(envelope.attempt()))
            .withData("application/json", envelope.data().getBytes(StandardCharsets.UTF_8))
            .build();
    return KafkaMessageFactory.<String>createWriter(
            envelope.topic(), null, envelope.time().toEpochMilli(), envelope.key())
        .writeBinary(event);
  }

  /**
   * Creates a consumer without a group for {@link #read}; user settings override {@code defaults}.
   */
  public static KafkaConsumer<String, byte[]> consumer(
      BrokerAccess access, Map<String, Object> defaults) {
    return new KafkaConsumer<>(access.properties(defaults, CONSUMER));
  }

  /**
   * Decodes {@link #write}.
   *
   * @throws IOException if the record is no such event
   */
  public static RawEnvelope read(ConsumerRecord<String, byte[]> record) throws IOException {
    try {
      CloudEvent event = KafkaMessageFactory.createReader(record).toEvent();
      byte[] data = event.getData() == null ? new byte[0] : event.getData().toBytes();
      return new RawEnvelope(
          event.getId(),
          event.getSource().toString(),
          event.getType(),
          record.topic(),
          Long.parseLong(extension(event, SEQUENCE)),
          Integer.parseInt(extension(event, ATTEMPT)),
          record.key(),
          Optional.ofNullable(event.getTime())
              .map(OffsetDateTime::toInstant)
              .orElseGet(() -> Instant.ofEpochMilli(record.timestamp())),
          new String(data, StandardCharsets.UTF_8));
    } catch (CloudEventRWException | NumberFormatException e) {
      throw new IOException(
          "a record must be an event of a run: topic="
              + record.topic()
              + ", offset="
              + record.offset(),
          e);
    }
  }

  private static String extension(CloudEvent event, String name) {
    return String.valueOf(event.getExtension(name));
  }
}
