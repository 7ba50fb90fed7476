package io.espalier.cli.console;

import io.espalier.telemetry.kafka.BrokerAccess;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that name a Kafka cluster of the user's own; for commands that mix them in. */
public final class KafkaOptions {
  @Option(
      names = "--kafka",
      paramLabel = "HOST:PORT",
      description =
          "Broker to use (several with commas) instead of the home's own (default: $"
              + BrokerAccess.ADDRESS_VARIABLE
              + ").")
  private Optional<String> address = Optional.empty();

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description =
          "Java properties with settings of Kafka's clients, such as security.protocol, sasl.* and"
              + " ssl.* (default: $"
              + BrokerAccess.SETTINGS_VARIABLE
              + ").")
  private Optional<Path> settings = Optional.empty();

  /** The broker that options or environment name, if any; throws if they do not hold. */
  public Optional<BrokerAccess> access() {
    return BrokerAccess.external(address, settings, System.getenv());
  }
}
