package io.espalier.telemetry.kafka;

import io.espalier.configs.file.AtomicFile;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The user who may do everything at the home's broker. Its client settings are in {@code
 * broker.properties} of the home, which only the home's owner can read and Kafka's tools take.
 */
final class BrokerOwner {
  static final String USER = "espalier";

  /** Mutual: who takes the broker's port while it is away learns no password. */
  static final String MECHANISM = "SCRAM-SHA-256";

  private static final String FILE = "broker.properties";
  private static final String JAAS = "sasl.jaas.config";
  private static final Pattern PASSWORD = Pattern.compile("password=\"([^\"]+)\"");
  private static final int SECRET_BYTES = 32;

  private final String password;

  private BrokerOwner(String password) {
    this.password = password;
  }

  /** Reads the settings, or makes them with a new password. */
  static BrokerOwner open(Path home) throws IOException {
    Optional<BrokerOwner> found = find(home);
    if (found.isPresent()) {
      return found.get();
    }
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    var owner = new BrokerOwner(Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    owner.write(home.resolve(FILE));
    return owner;
  }

  /** Empty if there are none, or another user owns them. */
  static Optional<BrokerOwner> find(Path home) throws IOException {
    Path file = home.resolve(FILE);
    if (!Files.isReadable(file)) {
      return Optional.empty();
    }
    var properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IllegalArgumentException e) {
      throw invalid(file, e);
    }
    Matcher password = PASSWORD.matcher(properties.getProperty(JAAS, ""));
    if (!password.find()) {
      throw invalid(file, null);
    }
    return Optional.of(new BrokerOwner(password.group(1)));
  }

  String password() {
    return password;
  }

  KafkaClientSettings settings() {
    return KafkaClientSettings.of(
        Map.of(
            "security.protocol",
            "SASL_PLAINTEXT",
            "sasl.mechanism",
            MECHANISM,
            JAAS,
            "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                .formatted(USER, password)));
  }

  private void write(Path file) throws IOException {
    var text =
        new StringBuilder(
            "# Client settings for the port after that in broker.address: they allow everything.\n");
    settings().values().forEach((key, value) -> text.append(key + "=" + value + "\n"));
    Path beside = file.resolveSibling(AtomicFile.partOf(FILE));
    Files.deleteIfExists(beside);
    Files.createFile(
        beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    AtomicFile.write(file, out -> out.write(text.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private static IOException invalid(Path file, @Nullable Exception cause) {
    return new IOException(
        "the settings of the broker's owner must hold a password: file=%s; delete it while no process uses the home, and it is made anew"
            .formatted(file),
        cause);
  }
}
