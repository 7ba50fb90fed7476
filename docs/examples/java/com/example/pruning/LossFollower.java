package com.example.pruning;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Prints what every run evaluates, by a Kafka client and a JSON parser alone. */
public final class LossFollower {
  private LossFollower() {}

  /** Goes on until the thread is interrupted. */
  static void follow(String broker, PrintStream out) throws JsonProcessingException {
    // README: begin
    Map<String, Object> settings =
        Map.of("bootstrap.servers", broker, "group.id", "losses", "auto.offset.reset", "earliest");
    Set<List<String>> seen = new HashSet<>();
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of("espalier.metrics.v1"));
      while (true) {
        for (var record : consumer.poll(Duration.ofSeconds(1))) {
          boolean isNew = seen.add(List.of(header(record, "ce_source"), header(record, "ce_id")));
          if (isNew && header(record, "ce_type").equals("io.espalier.evaluation.completed.v1")) {
            JsonNode data = new ObjectMapper().readTree(record.value());
            out.println(record.key() + " step " + data.get("step") + " loss " + data.get("loss"));
          }
        }
      }
    }
    // README: end
  }

  private static String header(ConsumerRecord<String, String> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }
}
