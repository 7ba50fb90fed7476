package io.espalier.telemetry.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Somebody else's dashboard: it knows {@code asyncapi.yaml} and the schemas beside it, and no class
 * of Espalier.
 */
final class ForeignConsumer {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> TOPICS =
      List.of(
          "espalier.runs.v1",
          "espalier.events.v1",
          "espalier.metrics.v1",
          "espalier.masks.v1",
          "espalier.clients.v1");

  private final List<Told> told = new ArrayList<>();

  /** A record's headers, as far as they matter, and its value. */
  private record Told(String type, int attempt, long sequence, JsonNode data) {
    boolean is(String name) {
      return type.equals("io.espalier." + name + ".v1");
    }

    /** The last step that it measures. */
    long step() {
      if (is("steps.measured")) {
        return data.path("firstStep").asLong() + data.path("losses").size() - 1;
      } else if (is("round.completed") || is("round.tier")) {
        return data.path("completedRounds").asLong();
      }
      return data.path("step").asLong();
    }
  }

  private ForeignConsumer() {}

  /** Reads what a broker has of a run. */
  static ForeignConsumer read(String address, String run) throws IOException {
    ForeignConsumer mine = new ForeignConsumer();
    Set<String> seen = new HashSet<>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", address),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          TOPICS.stream().map(topic -> new TopicPartition(topic, 0)).toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream()
          .anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
        for (ConsumerRecord<String, byte[]> each : consumer.poll(Duration.ofMillis(100))) {
          String source = header(each, "ce_source");
          boolean mineIs = source.equals(run) || source.startsWith(run + "/");
          if (mineIs && seen.add(source + " " + header(each, "ce_id"))) {
            mine.told.add(
                new Told(
                    header(each, "ce_type"),
                    Integer.parseInt(header(each, "ce_attempt")),
                    Long.parseLong(header(each, "ce_sequence")),
                    JSON.readTree(each.value())));
          }
        }
      }
    }
    return mine;
  }

  private static String header(ConsumerRecord<String, byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  int records() {
    return told.size();
  }

  /** What still holds of one type, in the order of attempts and sequences. */
  private List<Told> valid(String type) {
    List<Told> resumed = told.stream().filter(each -> each.is("run.resumed")).toList();
    return told.stream()
        .filter(each -> each.is(type))
        .filter(each -> resumed.stream().noneMatch(later -> takesBack(later, each)))
        .sorted(Comparator.comparingInt(Told::attempt).thenComparingLong(Told::sequence))
        .toList();
  }

  private static boolean takesBack(Told resumed, Told each) {
    long from = resumed.data().path("fromStep").asLong();
    return resumed.attempt() > each.attempt() && (from == 0 || each.step() > from);
  }

  private JsonNode last(String type) {
    List<Told> all = valid(type);
    return all.isEmpty() ? JSON.missingNode() : all.get(all.size() - 1).data();
  }

  int attempts() {
    return told.stream().mapToInt(Told::attempt).max().orElse(0);
  }

  double accuracy() {
    return last("run.finished").path("accuracy").asDouble();
  }

  double loss() {
    return last("run.finished").path("loss").asDouble();
  }

  /** Mean over trainers, per step. */
  SortedMap<Long, Double> trainingLosses() {
    SortedMap<Long, List<Double>> byStep = new TreeMap<>();
    for (Told each : valid("steps.measured")) {
      long step = each.data().path("firstStep").asLong();
      for (JsonNode loss : each.data().path("losses")) {
        byStep.computeIfAbsent(step++, key -> new ArrayList<>()).add(loss.asDouble());
      }
    }
    SortedMap<Long, Double> means = new TreeMap<>();
    byStep.forEach(
        (step, losses) ->
            means.put(step, losses.stream().reduce(0.0, Double::sum) / losses.size()));
    return means;
  }

  double sparsity() {
    return last("masks.updated").path("sparsity").asDouble();
  }

  /** Units kept by name of the parameter. */
  SortedMap<String, Long> kept() {
    SortedMap<String, Long> kept = new TreeMap<>();
    for (JsonNode each : last("run.parameters").path("parameters")) {
      kept.put(each.path("name").asText(), each.path("units").asLong());
    }
    for (JsonNode each : last("masks.updated").path("parameters")) {
      kept.put(each.path("name").asText(), each.path("kept").asLong());
    }
    return kept;
  }

  /** Bytes that syncs and rounds sent; of a round told twice, the newest holds. */
  long bytes() {
    SortedMap<String, Long> rounds = new TreeMap<>();
    valid("round.completed")
        .forEach(each -> rounds.put(each.data().path("round").asText(), sent(each.data())));
    return valid("sync.completed").stream().mapToLong(each -> sent(each.data())).sum()
        + rounds.values().stream().mapToLong(Long::longValue).sum();
  }

  private static long sent(JsonNode data) {
    return data.path("bytesUp").asLong() + data.path("bytesDown").asLong();
  }

  /** Training rounds. */
  long rounds() {
    return valid("round.completed").stream()
        .map(Told::data)
        .filter(each -> !each.path("kind").asText().equals("selection"))
        .map(each -> each.path("completedRounds").asLong())
        .distinct()
        .count();
  }

  /** Accuracies on the test set by round, for one density cap. */
  SortedMap<Long, Double> tier(double density) {
    SortedMap<Long, Double> accuracies = new TreeMap<>();
    valid("round.tier").stream()
        .map(Told::data)
        .filter(each -> each.path("density").asDouble() == density)
        .forEach(
            each ->
                accuracies.put(
                    each.path("completedRounds").asLong(), each.path("accuracy").asDouble()));
    return accuracies;
  }

  /** How many rounds each client reported in. */
  SortedMap<String, Integer> reports() {
    SortedMap<String, Set<String>> rounds = new TreeMap<>();
    valid("client.reported").stream()
        .map(Told::data)
        .forEach(
            each ->
                rounds
                    .computeIfAbsent(each.path("client").asText(), key -> new HashSet<>())
                    .add(each.path("round").asText()));
    SortedMap<String, Integer> counts = new TreeMap<>();
    rounds.forEach((client, each) -> counts.put(client, each.size()));
    return counts;
  }
}
