package io.espalier.telemetry.kafka;

import io.espalier.configs.InvalidConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;

/**
 * A broker's address, {@code host:port} or several separated by commas, and its client settings.
 */
public record BrokerAccess(String address, KafkaClientSettings settings) {
  public static final String ADDRESS_VARIABLE = "ESPALIER_KAFKA";

  public static final String SETTINGS_VARIABLE = "ESPALIER_KAFKA_CONFIG";

  private static final Pattern ADDRESS =
      Pattern.compile("(\\[[0-9a-fA-F:.%]+]|[^\\[\\]:,\\s]+):\\d{1,5}");

  public BrokerAccess {
    for (String each : address.split(",", -1)) {
      if (!ADDRESS.matcher(each.strip()).matches()) {
        throw InvalidConfigException.of(
            "--kafka",
            "must be HOST:PORT, or several of them separated by commas: found '" + address + "'");
      }
    }
  }

  public static BrokerAccess of(String address) {
    return new BrokerAccess(address, KafkaClientSettings.NONE);
  }

  /**
   * Resolves the user's external broker, if any; arguments override the environment.
   *
   * @throws InvalidConfigException if the address or the file cannot be used, or there is a file
   *     without an address
   */
  public static Optional<BrokerAccess> external(
      Optional<String> address, Optional<Path> settings, Map<String, String> environment) {
    Optional<String> where = address.or(() -> named(environment, ADDRESS_VARIABLE));
    Optional<Path> file =
        settings.or(() -> named(environment, SETTINGS_VARIABLE).map(path -> Path.of(path)));
    if (file.isPresent() && where.isEmpty()) {
      throw InvalidConfigException.of(
          "--kafka-config",
          "must come with the broker that it is for: file=%s; name it with --kafka or %s"
              .formatted(file.get(), ADDRESS_VARIABLE));
    }
    return where.map(
        at ->
            new BrokerAccess(
                at, file.map(KafkaClientSettings::read).orElse(KafkaClientSettings.NONE)));
  }

  /** Returns client properties; settings may replace {@code defaults} but not {@code fixed}. */
  public Map<String, Object> properties(Map<String, Object> defaults, Map<String, Object> fixed) {
    Map<String, Object> properties = new HashMap<>(settings.properties(defaults, fixed));
    properties.put("bootstrap.servers", address);
    return properties;
  }

  public IOException problem(Throwable thrown) {
    Throwable cause = thrown;
    while (isWrapper(cause) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof AuthenticationException) {
      return new IOException(
          "the broker must let this client in: address=%s, cause=%s; see security.protocol, sasl.* and ssl.* in --kafka-config"
              .formatted(address, cause),
          thrown);
    }
    if (cause instanceof AuthorizationException) {
      return new IOException(
          "the broker must allow this client to describe, read and write Espalier's topics: address=%s, cause=%s"
              .formatted(address, cause),
          thrown);
    }
    return new IOException(
        "the broker must answer: address=%s, cause=%s%s"
            .formatted(
                address,
                cause,
                settings.equals(KafkaClientSettings.NONE)
                    ? "; if it wants TLS or SASL, give its settings with --kafka-config"
                    : ""),
        thrown);
  }

  private static boolean isWrapper(Throwable thrown) {
    return thrown instanceof ExecutionException || thrown.getClass() == KafkaException.class;
  }

  private static Optional<String> named(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isBlank());
  }
}
