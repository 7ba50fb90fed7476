package io.espalier.telemetry.kafka;

import io.espalier.configs.InvalidConfigException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The topic, partitions and offsets at which reading began.
 *
 * @param topicId that the broker gave the topic: one that is recreated under the same name has
 *     another
 * @param partitions that are read, in the order of their turns
 * @param offsets of the first record of each
 */
public record TopicStart(
    String topic, String topicId, List<Integer> partitions, List<Long> offsets) {
  public TopicStart {
    partitions = List.copyOf(partitions);
    offsets = List.copyOf(offsets);
    if (partitions.isEmpty() || partitions.size() != offsets.size()) {
      throw new IllegalArgumentException(
          "each partition must have an offset: partitions=%s, offsets=%s"
              .formatted(partitions, offsets));
    }
  }

  public enum Edge {
    EARLIEST,
    LATEST
  }

  /**
   * Resolves the start of a topic; an empty {@code wanted} means all partitions.
   *
   * @throws InvalidConfigException if the topic or a partition is missing
   * @throws IOException if the broker does not answer or refuses this client
   */
  public static TopicStart resolve(
      BrokerAccess access, String topic, List<Integer> wanted, Edge edge) throws IOException {
    try (Admin admin = TopicClients.admin(access)) {
      TopicDescription description = describe(admin, access, topic);
      List<Integer> partitions = partitions(description, wanted);
      return new TopicStart(
          topic,
          description.topicId().toString(),
          partitions,
          offsets(admin, topic, partitions, edge));
    } catch (ExecutionException | KafkaException e) {
      throw access.problem(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while looking at a topic: topic=" + topic, e);
    }
  }

  private static TopicDescription describe(Admin admin, BrokerAccess access, String topic)
      throws ExecutionException, InterruptedException {
    try {
      return TopicClients.describe(admin, topic);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        throw InvalidConfigException.of(
            "data.topic",
            "must be a topic of the broker: topic=%s, address=%s; create it, or fill it with espalier stream publish"
                .formatted(topic, access.address()));
      }
      throw e;
    }
  }

  private static List<Integer> partitions(TopicDescription description, List<Integer> wanted) {
    int count = description.partitions().size();
    List<Integer> all = new ArrayList<>();
    description.partitions().forEach(info -> all.add(info.partition()));
    if (!all.containsAll(wanted)) {
      throw InvalidConfigException.of(
          "data.partitions",
          "must be partitions of the topic, from 0 to %d: partitions=%s, topic=%s"
              .formatted(count - 1, wanted, description.name()));
    }
    return wanted.isEmpty() ? all.stream().sorted().toList() : wanted;
  }

  private static List<Long> offsets(Admin admin, String topic, List<Integer> partitions, Edge edge)
      throws ExecutionException, InterruptedException {
    OffsetSpec spec = edge == Edge.EARLIEST ? OffsetSpec.earliest() : OffsetSpec.latest();
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    partitions.forEach(partition -> asked.put(new TopicPartition(topic, partition), spec));
    Map<TopicPartition, ListOffsetsResultInfo> found =
        admin.listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).all().get();
    return partitions.stream()
        .map(
            partition ->
                Objects.requireNonNull(found.get(new TopicPartition(topic, partition))).offset())
        .toList();
  }
}
