package io.espalier.telemetry.kafka;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;

/**
 * Settings of Kafka's clients that a cluster asks for, such as {@code security.protocol}, {@code
 * sasl.jaas.config} or {@code ssl.truststore.location}, as a Java properties file has them.
 * Immutable. {@link #toString} names no values: they may be secrets.
 */
public final class KafkaClientSettings {
  /** No authentication and no encryption. */
  public static final KafkaClientSettings NONE = new KafkaClientSettings(new TreeMap<>());

  /** Settings that the order, safety and format of the events rely on. */
  private static final Set<String> OWN =
      Set.of(
          "bootstrap.servers",
          "key.serializer",
          "value.serializer",
          "key.deserializer",
          "value.deserializer",
          "acks",
          "enable.idempotence",
          "max.in.flight.requests.per.connection",
          "max.request.size",
          "transactional.id",
          "auto.offset.reset",
          "enable.auto.commit",
          "allow.auto.create.topics");

  private static final int NEAR = 3;
  private static final String NOWHERE = "127.0.0.1:1";

  private final SortedMap<String, String> settings;

  private KafkaClientSettings(SortedMap<String, String> settings) {
    this.settings = settings;
  }

  /** Takes what {@link #values} returned. */
  public static KafkaClientSettings of(Map<String, String> values) {
    return values.isEmpty() ? NONE : new KafkaClientSettings(new TreeMap<>(values));
  }

  /** The settings, some of which may be secrets. */
  public Map<String, String> values() {
    return Map.copyOf(settings);
  }

  /**
   * Reads a Java properties file (UTF-8).
   *
   * @throws InvalidConfigException if it is missing, sets what Espalier sets itself, or holds what
   *     Kafka's clients refuse; names every such key
   */
  public static KafkaClientSettings read(Path file) {
    SortedMap<String, String> settings = load(file);
    List<Problem> problems = new ArrayList<>();
    settings.keySet().forEach(key -> check(key, file, problems));
    for (ConfigDef definition : definitions()) {
      checkValues(definition, settings, file, problems);
    }
    if (problems.isEmpty()) {
      tryOut(settings, file, problems);
    }
    if (!problems.isEmpty()) {
      throw new InvalidConfigException(problems);
    }
    return new KafkaClientSettings(settings);
  }

  /** Client properties; settings may replace {@code defaults} but not {@code fixed}. */
  Map<String, Object> properties(Map<String, Object> defaults, Map<String, Object> fixed) {
    Map<String, Object> properties = new HashMap<>(defaults);
    properties.putAll(settings);
    properties.putAll(fixed);
    return properties;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof KafkaClientSettings that && settings.equals(that.settings);
  }

  @Override
  public int hashCode() {
    return settings.hashCode();
  }

  @Override
  public String toString() {
    return "KafkaClientSettings" + settings.keySet();
  }

  private static SortedMap<String, String> load(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw InvalidConfigException.of(
          "--kafka-config",
          "must be a readable file of Java properties: file=%s, cause=%s".formatted(file, e));
    }
    SortedMap<String, String> settings = new TreeMap<>();
    properties
        .stringPropertyNames()
        .forEach(key -> settings.put(key, properties.getProperty(key).strip()));
    return settings;
  }

  private static void check(String key, Path file, List<Problem> problems) {
    if (OWN.contains(key)) {
      problems.add(problem(file, key, "must be left away: Espalier sets it itself"));
    } else if (known().stream().noneMatch(key::equals)) {
      nearest(key)
          .ifPresent(
              near ->
                  problems.add(
                      problem(
                          file,
                          key,
                          "must be a setting of Kafka's clients; did you mean " + near + "?")));
    }
  }

  /** Unknown keys are accepted for plug-ins; near misses of known keys are not. */
  private static Optional<String> nearest(String key) {
    LevenshteinDistance distance = new LevenshteinDistance(NEAR);
    return known().stream()
        .filter(candidate -> distance.apply(key, candidate) >= 0)
        .min(Comparator.comparingInt(candidate -> distance.apply(key, candidate)));
  }

  private static Set<String> known() {
    Set<String> names = new TreeSet<>();
    definitions().forEach(definition -> names.addAll(definition.names()));
    return names;
  }

  private static List<ConfigDef> definitions() {
    return List.of(
        AdminClientConfig.configDef(), ProducerConfig.configDef(), ConsumerConfig.configDef());
  }

  private static void checkValues(
      ConfigDef definition, Map<String, String> settings, Path file, List<Problem> problems) {
    definition.validate(settings).stream()
        .filter(value -> settings.containsKey(value.name()) && !OWN.contains(value.name()))
        .filter(value -> problems.stream().noneMatch(each -> each.path().equals(value.name())))
        .filter(value -> !value.errorMessages().isEmpty())
        .map(value -> problem(file, value.name(), value.errorMessages().get(0)))
        .forEach(problems::add);
  }

  /** Some settings are checked only by a client that uses them. */
  private static void tryOut(
      SortedMap<String, String> settings, Path file, List<Problem> problems) {
    try {
      Publication.tryOut(new BrokerAccess(NOWHERE, new KafkaClientSettings(settings)));
    } catch (KafkaException e) {
      problems.add(
          problem(file, "--kafka-config", "must suit Kafka's clients: cause=" + rootOf(e)));
    }
  }

  private static String rootOf(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  private static Problem problem(Path file, String key, String message) {
    return new Problem(Optional.of(file.toString()), key, message);
  }
}
