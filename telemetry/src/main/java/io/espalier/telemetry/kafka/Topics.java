package io.espalier.telemetry.kafka;

import io.espalier.telemetry.event.Topic;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** Makes Espalier's topics on a broker. */
public final class Topics {
  /** Bytes of the largest batch: a line of the outbox and its headers always fit. */
  static final int MAX_MESSAGE_BYTES = 1 << 21;

  private Topics() {}

  /**
   * Creates the topics that are missing; those that exist stay as they are.
   *
   * @return the created ones, in the order of {@link Topic}
   * @throws IOException if the broker is away or refuses
   */
  public static List<Topic> ensure(Admin admin) throws IOException {
    try {
      Set<String> present = admin.listTopics().names().get();
      List<Topic> missing =
          Arrays.stream(Topic.values()).filter(t -> !present.contains(t.topicName())).toList();
      admin.createTopics(missing.stream().map(Topics::definition).toList()).all().get();
      return missing;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicExistsException) {
        return ensure(admin);
      }
      throw new IOException("the topics must be on the broker: cause=" + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while creating topics", e);
    }
  }

  private static NewTopic definition(Topic topic) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("max.message.bytes", Integer.toString(MAX_MESSAGE_BYTES));
    settings.put("cleanup.policy", topic.cleanup() == Topic.Cleanup.COMPACT ? "compact" : "delete");
    topic
        .retention()
        .ifPresent(time -> settings.put("retention.ms", Long.toString(time.toMillis())));
    return new NewTopic(topic.topicName(), Optional.of(Topic.PARTITIONS), Optional.empty())
        .configs(settings);
  }
}
