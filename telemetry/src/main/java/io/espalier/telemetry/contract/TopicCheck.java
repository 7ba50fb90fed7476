package io.espalier.telemetry.contract;

import io.espalier.telemetry.event.Topic;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.Topics;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;

/** Looks at Espalier's topics on a broker. Not thread-safe. */
public final class TopicCheck implements AutoCloseable {
  private static final Map<String, Object> DEFAULTS =
      Map.of("request.timeout.ms", 3_000, "default.api.timeout.ms", 5_000);

  private final Admin admin;
  private final BrokerAccess access;

  private TopicCheck(Admin admin, BrokerAccess access) {
    this.admin = admin;
    this.access = access;
  }

  /** Connects when something is asked. */
  public static TopicCheck of(BrokerAccess access) throws IOException {
    try {
      return new TopicCheck(Admin.create(access.properties(DEFAULTS, Map.of())), access);
    } catch (KafkaException e) {
      throw access.problem(e);
    }
  }

  /**
   * Every topic as it is now, in the order of {@link Topic}.
   *
   * @throws IOException if the broker does not answer, or not to this client
   */
  public List<TopicFinding> findings() throws IOException {
    try {
      Set<String> present = admin.listTopics().names().get();
      List<String> names =
          Arrays.stream(Topic.values()).map(Topic::topicName).filter(present::contains).toList();
      Map<String, TopicDescription> described = admin.describeTopics(names).allTopicNames().get();
      Map<ConfigResource, Config> configs =
          admin.describeConfigs(names.stream().map(TopicCheck::resource).toList()).all().get();
      return Arrays.stream(Topic.values())
          .map(topic -> finding(topic, described, configs))
          .toList();
    } catch (ExecutionException e) {
      throw access.problem(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking for topics", e);
    }
  }

  /**
   * Creates the topics that are missing; those that exist stay as they are.
   *
   * @param replicationFactor the broker's default if empty
   * @return the created ones, in the order of {@link Topic}
   * @throws IOException if the broker does not answer, or lets this client not create them
   */
  public List<Topic> create(Optional<Short> replicationFactor) throws IOException {
    return Topics.ensure(admin, access, replicationFactor);
  }

  private static TopicFinding finding(
      Topic topic, Map<String, TopicDescription> described, Map<ConfigResource, Config> configs) {
    TopicDescription description = described.get(topic.topicName());
    Config config = configs.get(resource(topic.topicName()));
    if (description == null || config == null) {
      return TopicFinding.missing(topic);
    }
    Map<String, String> settings = new TreeMap<>();
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
}
