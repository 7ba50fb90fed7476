package io.espalier.cli.kafka;

import java.util.List;

/** The commands on Kafka. */
public final class KafkaCommands {
  private KafkaCommands() {}

  public static List<Object> all() {
    return List.of(new TopicsCommand(), new StreamCommand());
  }
}
