package io.espalier.telemetry.kafka;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Lets anyone read from an embedded broker, and its owner alone write, create and delete. The first
 * listener takes anyone, who may read and have consumer groups; a second one takes the owner by
 * SCRAM (Newman et al., RFC 5802, 2010). Broker and controller know each other by a password that
 * never leaves the process.
 */
final class BrokerGuard {
  static final String LISTENER = "OWNER";

  private static final String PROCESS = "broker";
  private static final String PLAIN =
      "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\"";
  private static final int ITERATIONS = 4096;
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final long PAUSE_MS = 50;

  private final BrokerOwner owner;
  private final String inner;

  BrokerGuard(BrokerOwner owner) {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    this.owner = owner;
    this.inner = HexFormat.of().formatHex(secret);
  }

  /** Adds the listener at {@code port} and who may do what to settings of an open broker. */
  void add(Properties properties, int port) {
    properties.merge("listeners", "," + LISTENER + "://127.0.0.1:" + port, BrokerGuard::joined);
    properties.merge(
        "advertised.listeners", "," + LISTENER + "://127.0.0.1:" + port, BrokerGuard::joined);
    properties.setProperty(
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,%s:SASL_PLAINTEXT,%s:SASL_PLAINTEXT"
            .formatted(LISTENER, BrokerSettings.CONTROLLER));
    properties.setProperty("inter.broker.listener.name", LISTENER);
    properties.setProperty("sasl.mechanism.inter.broker.protocol", "PLAIN");
    properties.setProperty("sasl.mechanism.controller.protocol", "PLAIN");
    properties.setProperty("sasl.enabled.mechanisms", "PLAIN," + BrokerOwner.MECHANISM);
    String both = PLAIN.formatted(PROCESS, inner) + " user_%s=\"%s\";".formatted(PROCESS, inner);
    for (String name : List.of("owner", "controller")) {
      properties.setProperty("listener.name." + name + ".plain.sasl.jaas.config", both);
      properties.setProperty(
          "listener.name." + name + ".scram-sha-256.sasl.jaas.config",
          "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    }
    properties.setProperty(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    properties.setProperty("super.users", "User:%s;User:%s".formatted(PROCESS, BrokerOwner.USER));
  }

  /** Tells a broker that runs what its clients may do, and waits until the owner may log in. */
  void apply(int port) throws IOException {
    String address = "127.0.0.1:" + port;
    var process =
        new BrokerAccess(
            address,
            KafkaClientSettings.of(
                Map.of(
                    "security.protocol",
                    "SASL_PLAINTEXT",
                    "sasl.mechanism",
                    "PLAIN",
                    "sasl.jaas.config",
                    PLAIN.formatted(PROCESS, inner) + ";")));
    try (Admin admin = TopicClients.admin(process)) {
      admin
          .alterUserScramCredentials(
              List.of(
                  new UserScramCredentialUpsertion(
                      BrokerOwner.USER,
                      new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, ITERATIONS),
                      owner.password().getBytes(StandardCharsets.UTF_8))))
          .all()
          .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      admin.createAcls(readers()).all().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw process.problem(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the start of a broker was interrupted", e);
    }
    awaitOwner(new BrokerAccess(address, owner.settings()));
  }

  /** The broker replays its own new record first. */
  private static void awaitOwner(BrokerAccess access) throws IOException {
    long untilNs = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      try (Admin admin = TopicClients.admin(access)) {
        admin.describeCluster().clusterId().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        return;
      } catch (ExecutionException e) {
        boolean isEarly = e.getCause() instanceof SaslAuthenticationException;
        if (!isEarly || System.nanoTime() > untilNs) {
          throw access.problem(e);
        }
        pause();
      } catch (InterruptedException | TimeoutException e) {
        throw access.problem(e);
      }
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the start of a broker was interrupted", e);
    }
  }

  private static List<AclBinding> readers() {
    return Stream.concat(
            allowed(
                ResourceType.TOPIC,
                AclOperation.READ,
                AclOperation.DESCRIBE,
                AclOperation.DESCRIBE_CONFIGS),
            allowed(ResourceType.GROUP, AclOperation.READ, AclOperation.DESCRIBE))
        .toList();
  }

  private static Stream<AclBinding> allowed(ResourceType type, AclOperation... operations) {
    return Stream.of(operations)
        .map(
            operation ->
                new AclBinding(
                    new ResourcePattern(
                        type, ResourcePattern.WILDCARD_RESOURCE, PatternType.LITERAL),
                    new AccessControlEntry(
                        "User:ANONYMOUS", "*", operation, AclPermissionType.ALLOW)));
  }

  private static Object joined(Object one, Object other) {
    return one + String.valueOf(other);
  }
}
