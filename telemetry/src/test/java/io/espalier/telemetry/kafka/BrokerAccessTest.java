package io.espalier.telemetry.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BrokerAccessTest {
  @TempDir Path directory;

  @Test
  void external_nothingNamed_isNone() {
    assertThat(BrokerAccess.external(Optional.empty(), Optional.empty(), Map.of())).isEmpty();
    assertThat(
            BrokerAccess.external(
                Optional.empty(), Optional.empty(), Map.of("ESPALIER_KAFKA", " ")))
        .isEmpty();
  }

  @Test
  void external_options_goBeforeTheEnvironment() throws IOException {
    Path given = file("client.id = given");
    Map<String, String> environment =
        Map.of(
            "ESPALIER_KAFKA",
            "kafka.example:9092",
            "ESPALIER_KAFKA_CONFIG",
            file("client.id = inherited").toString());

    assertThat(properties(Optional.empty(), Optional.empty(), environment))
        .containsEntry("bootstrap.servers", "kafka.example:9092")
        .containsEntry("client.id", "inherited");
    assertThat(properties(Optional.of("a:1,b:2"), Optional.of(given), environment))
        .containsEntry("bootstrap.servers", "a:1,b:2")
        .containsEntry("client.id", "given");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"kafka", "kafka:", ":9092", "kafka:port", "a:1,,b:2", "http://a:1", "a b:1"})
  void external_noAddress_isRefused(String address) {
    assertThatThrownBy(
            () -> BrokerAccess.external(Optional.of(address), Optional.empty(), Map.of()))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("--kafka: must be HOST:PORT", "'" + address + "'");
  }

  @Test
  void external_settingsWithoutBroker_areRefused() throws IOException {
    Path file = file("client.id = x");

    assertThatThrownBy(() -> BrokerAccess.external(Optional.empty(), Optional.of(file), Map.of()))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("must come with the broker", "ESPALIER_KAFKA");
  }

  @Test
  void properties_settings_replaceDefaultsOnly() throws IOException {
    Path file = file("linger.ms = 50\nssl.endpoint.identification.algorithm =");
    BrokerAccess access = new BrokerAccess("a:1", KafkaClientSettings.read(file));

    assertThat(access.properties(Map.of("linger.ms", 5, "max.block.ms", 7), Map.of("acks", "all")))
        .isEqualTo(
            Map.of(
                "linger.ms", "50",
                "max.block.ms", 7,
                "acks", "all",
                "bootstrap.servers", "a:1",
                "ssl.endpoint.identification.algorithm", ""));
  }

  @Test
  void read_missingFile_isRefused() {
    assertThatThrownBy(() -> KafkaClientSettings.read(directory.resolve("none.properties")))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("must be a readable file of Java properties", "none.properties");
  }

  @Test
  void read_brokenSettings_areNamedAllAtOnce() throws IOException {
    Path file =
        file(
            """
            acks = 1
            bootstrap.servers = elsewhere:1
            sasl.mechansim = PLAIN
            security.protocol = TLS
            request.timeout.ms = soon
            plugin.of.our.own = yes
            """);

    InvalidConfigException refused =
        catchThrowableOfType(InvalidConfigException.class, () -> KafkaClientSettings.read(file));

    assertThat(refused.problems())
        .extracting(Problem::path)
        .containsExactlyInAnyOrder(
            "acks",
            "bootstrap.servers",
            "sasl.mechansim",
            "security.protocol",
            "request.timeout.ms");
    assertThat(refused)
        .hasMessageContaining("acks: must be left away: Espalier sets it itself")
        .hasMessageContaining("did you mean sasl.mechanism?")
        .hasMessageContaining(file.toString());
  }

  @Test
  void read_missingTrustStore_isRefused() throws IOException {
    Path file = file("security.protocol = SSL\nssl.truststore.location = /no/such/store.jks");

    assertThatThrownBy(() -> KafkaClientSettings.read(file))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("must suit Kafka's clients", "/no/such/store.jks");
  }

  @Test
  void read_timeoutsThatDoNotGoTogether_areRefused() throws IOException {
    Path file = file("request.timeout.ms = 30000\ndefault.api.timeout.ms = 60000");

    assertThatThrownBy(() -> KafkaClientSettings.read(file))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("must suit Kafka's clients", "delivery.timeout.ms");
  }

  @Test
  void problem_causeWithinACause_isTold() {
    var access = new BrokerAccess("kafka.invalid:9092", KafkaClientSettings.NONE);
    var unknown = new ConfigException("no resolvable address");

    IOException problem =
        access.problem(
            new ExecutionException(new KafkaException("failed to construct a client", unknown)));

    assertThat(problem)
        .hasMessageContaining("kafka.invalid:9092")
        .hasMessageContaining("no resolvable address");
  }

  @Test
  void toString_secrets_areNotTold() throws IOException {
    KafkaClientSettings settings = KafkaClientSettings.read(file("ssl.key.password = hush"));

    assertThat(new BrokerAccess("a:1", settings).toString())
        .contains("a:1", "ssl.key.password")
        .doesNotContain("hush");
  }

  private static Map<String, Object> properties(
      Optional<String> address, Optional<Path> file, Map<String, String> environment) {
    return BrokerAccess.external(address, file, environment)
        .orElseThrow()
        .properties(Map.of(), Map.of());
  }

  private Path file(String text) throws IOException {
    return Files.writeString(Files.createTempFile(directory, "client", ".properties"), text);
  }
}
