package io.espalier.telemetry.kafka;

import io.espalier.telemetry.event.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;

final class Topics {
  private Topics() {}

  /**
   * Creates the missing topics and returns them; existing ones stay unchanged.
   *
   * @throws IOException if the broker is away, or refuses this client to create what is missing
   */
  static List<Topic> ensure(Admin admin, BrokerAccess access, Optional<Short> replicationFactor)
      throws IOException {
    try {
      Set<String> present = admin.listTopics().names().get();
      List<Topic> missing =
          Arrays.stream(Topic.values()).filter(t -> !present.contains(t.topicName())).toList();
      Map<String, KafkaFuture<Void>> created =
          admin
              .createTopics(
                  missing.stream().map(topic -> definition(topic, replicationFactor)).toList())
              .values();
      Map<String, Throwable> refused = new TreeMap<>();
      for (Map.Entry<String, KafkaFuture<Void>> each : created.entrySet()) {
        causeOf(each.getValue()).ifPresent(cause -> refused.put(each.getKey(), cause));
      }
      if (!refused.isEmpty()) {
        throw refuse(refused, access);
      }
      return missing;
    } catch (ExecutionException e) {
      throw access.problem(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while creating topics", e);
    }
  }

  /** Identifies the logs behind the topics until one of them is recreated. */
  static String identity(Admin admin) throws ExecutionException, InterruptedException {
    List<String> names = Arrays.stream(Topic.values()).map(Topic::topicName).toList();
    StringBuilder identity = new StringBuilder(admin.describeCluster().clusterId().get());
    new TreeMap<>(admin.describeTopics(names).allTopicNames().get())
        .values()
        .forEach(topic -> identity.append(' ').append(topic.topicId()));
    return UUID.nameUUIDFromBytes(identity.toString().getBytes(StandardCharsets.UTF_8)).toString();
  }

  private static Optional<Throwable> causeOf(KafkaFuture<Void> creation)
      throws InterruptedException {
    try {
      creation.get();
      return Optional.empty();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      // Another client was faster.
      return cause instanceof TopicExistsException ? Optional.empty() : Optional.of(cause);
    }
  }

  private static IOException refuse(Map<String, Throwable> refused, BrokerAccess access) {
    Throwable cause = refused.values().iterator().next();
    return new IOException(
        "the topics must be on the broker, or this client be allowed to create them: address=%s, missing=%s, cause=%s; have them created with 1 partition, cleanup.policy=compact for %s, and the other settings of the asyncapi.yaml that 'espalier topics --schemas DIR' writes"
            .formatted(
                access.address(),
                String.join(", ", refused.keySet()),
                cause,
                Arrays.stream(Topic.values())
                    .filter(topic -> topic.cleanup() == Topic.Cleanup.COMPACT)
                    .map(Topic::topicName)
                    .collect(Collectors.joining(" and "))),
        cause);
  }

  private static NewTopic definition(Topic topic, Optional<Short> replicationFactor) {
    return new NewTopic(topic.topicName(), Optional.of(Topic.PARTITIONS), replicationFactor)
        .configs(topic.settings());
  }
}
