package io.espalier.telemetry.kafka;

import io.espalier.telemetry.event.Topic;
import io.espalier.telemetry.kafka.TopicCheck.TopicFinding.State;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Compares Espalier's topics on a broker with their definitions. Not thread-safe. */
public final class TopicCheck implements AutoCloseable {
  private static final Map<String, Object> DEFAULTS =
      Map.of("request.timeout.ms", 3_000, "default.api.timeout.ms", 5_000);

  /** A new topic reaches a broker somewhat later than the controller. */
  private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(5);

  private static final Duration POLL = Duration.ofMillis(50);

  private final Admin admin;
  private final BrokerAccess access;

  private TopicCheck(Admin admin, BrokerAccess access) {
    this.admin = admin;
    this.access = access;
  }

  public static TopicCheck of(BrokerAccess access) throws IOException {
    try {
      return new TopicCheck(Admin.create(access.properties(DEFAULTS, Map.of())), access);
    } catch (KafkaException e) {
      throw access.problem(e);
    }
  }

  /**
   * Returns the present state of every topic, in the order of {@link Topic}.
   *
   * @throws IOException if the broker does not answer, or refuses this client
   */
  public List<TopicFinding> findings() throws IOException {
    List<String> names = Arrays.stream(Topic.values()).map(Topic::topicName).toList();
    Map<String, KafkaFuture<TopicDescription>> described =
        admin.describeTopics(names).topicNameValues();
    Map<ConfigResource, KafkaFuture<Config>> configs =
        admin.describeConfigs(names.stream().map(TopicCheck::resource).toList()).values();
    List<TopicFinding> findings = new ArrayList<>();
    for (Topic topic : Topic.values()) {
      Optional<TopicDescription> description = answer(described.get(topic.topicName()));
      Optional<Config> config = answer(configs.get(resource(topic.topicName())));
      findings.add(
          description.isPresent() && config.isPresent()
              ? found(topic, description.get(), config.get())
              : TopicFinding.missing(topic));
    }
    return List.copyOf(findings);
  }

  /**
   * Creates the missing topics and waits until they are visible; existing ones stay unchanged.
   *
   * @param replicationFactor the broker's default if empty
   * @return the created ones, in the order of {@link Topic}
   * @throws IOException if the broker does not answer, or refuses to create them
   */
  public List<Topic> create(Optional<Short> replicationFactor) throws IOException {
    List<Topic> created = Topics.ensure(admin, access, replicationFactor);
    long deadline = System.nanoTime() + VISIBLE_WITHIN.toNanos();
    while (!missing().isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(POLL.toNanos());
    }
    return created;
  }

  private List<TopicFinding> missing() throws IOException {
    return findings().stream().filter(each -> each.state() == State.MISSING).toList();
  }

  private <T> Optional<T> answer(@Nullable KafkaFuture<T> future) throws IOException {
    if (future == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(future.get());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw access.problem(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking for topics", e);
    }
  }

  private static TopicFinding found(Topic topic, TopicDescription description, Config config) {
    Map<String, String> settings = new HashMap<>();
    for (String name : topic.settings().keySet()) {
      ConfigEntry entry = config.get(name);
      if (entry != null && entry.value() != null) {
        settings.put(name, entry.value());
      }
    }
    return new TopicFinding(topic, description.partitions().size(), settings);
  }

  private static ConfigResource resource(String topicName) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topicName);
  }

  @Override
  public void close() {
    admin.close();
  }

  /**
   * A topic as it is on a broker.
   *
   * @param partitions 0 if the broker does not have the topic
   * @param settings of {@link Topic#settings} those that the broker knows; empty if it does not
   *     have the topic
   */
  public record TopicFinding(Topic topic, int partitions, Map<String, String> settings) {
    private static final String RETENTION = "retention.ms";
    private static final Set<String> LEAST =
        Set.of("max.message.bytes", "message.timestamp.after.max.ms");

    public enum State {
      OK,
      MISSING,
      /** Loses events or their order, or makes the broker refuse them. */
      DIFFERS
    }

    /**
     * A setting that differs from the definition.
     *
     * @param setting its name on the broker, or {@code partitions}
     * @param breaks whether consumers can no longer rely on the topic; otherwise it is the
     *     operator's choice
     */
    public record Difference(String setting, String found, String wanted, boolean breaks) {}

    public TopicFinding {
      settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    }

    static TopicFinding missing(Topic topic) {
      return new TopicFinding(topic, 0, Map.of());
    }

    public State state() {
      if (partitions == 0) {
        return State.MISSING;
      }
      return differences().stream().anyMatch(Difference::breaks) ? State.DIFFERS : State.OK;
    }

    /** Returns differences, partitions first, then by name; none if the topic is missing. */
    public List<Difference> differences() {
      List<Difference> differences = new ArrayList<>();
      if (partitions > Topic.PARTITIONS) {
        differences.add(
            new Difference(
                "partitions",
                Integer.toString(partitions),
                Integer.toString(Topic.PARTITIONS),
                true));
      }
      topic
          .settings()
          .forEach(
              (setting, wanted) -> {
                String found = settings.getOrDefault(setting, wanted);
                if (!suits(setting, found, wanted)) {
                  differences.add(
                      new Difference(setting, found, wanted, !setting.equals(RETENTION)));
                }
              });
      return List.copyOf(differences);
    }

    private static boolean suits(String setting, String found, String wanted) {
      return LEAST.contains(setting)
          ? Long.parseLong(found) >= Long.parseLong(wanted)
          : found.equals(wanted);
    }
  }
}
