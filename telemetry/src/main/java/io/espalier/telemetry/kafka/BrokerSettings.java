package io.espalier.telemetry.kafka;

import static java.util.Map.entry;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/** The Kafka properties of a small broker that is its own controller and serves one machine. */
final class BrokerSettings {
  static final int NODE = 1;
  static final String CONTROLLER = "CONTROLLER";

  private static final Map<String, String> FIXED =
      Map.ofEntries(
          entry("process.roles", "broker,controller"),
          entry("node.id", Integer.toString(NODE)),
          entry("controller.listener.names", CONTROLLER),
          entry("inter.broker.listener.name", "PLAINTEXT"),
          entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
          entry("default.replication.factor", "1"),
          entry("offsets.topic.replication.factor", "1"),
          entry("offsets.topic.num.partitions", "1"),
          entry("transaction.state.log.replication.factor", "1"),
          entry("transaction.state.log.min.isr", "1"),
          entry("transaction.state.log.num.partitions", "1"),
          entry("share.coordinator.state.topic.replication.factor", "1"),
          entry("share.coordinator.state.topic.min.isr", "1"),
          entry("share.coordinator.state.topic.num.partitions", "1"),
          entry("min.insync.replicas", "1"),
          entry("group.initial.rebalance.delay.ms", "0"),
          entry("auto.create.topics.enable", "false"),
          // For topics that older versions created without this setting of their own.
          entry("log.message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE)),
          entry("log.cleaner.dedupe.buffer.size", "4194304"),
          entry("log.index.size.max.bytes", "1048576"),
          entry("num.network.threads", "1"),
          entry("num.io.threads", "2"),
          entry("num.recovery.threads.per.data.dir", "1"),
          // After a kill the controller waits this long before it lets the broker register again.
          entry("broker.session.timeout.ms", "3000"),
          entry("broker.heartbeat.interval.ms", "1000"));

  private BrokerSettings() {}

  static Properties of(Path log, int port, int controllerPort) {
    var properties = new Properties();
    properties.putAll(FIXED);
    properties.setProperty("log.dirs", log.toString());
    properties.setProperty("controller.quorum.voters", NODE + "@127.0.0.1:" + controllerPort);
    properties.setProperty(
        "listeners",
        "PLAINTEXT://127.0.0.1:" + port + "," + CONTROLLER + "://127.0.0.1:" + controllerPort);
    properties.setProperty("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
    return properties;
  }
}
