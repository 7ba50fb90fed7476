package io.espalier.federation.trust;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The clients of a federation, in a file that several processes may change: each answer reads the
 * present file. Changes are on disk when a method returns. Thread-safe.
 */
public final class ClientRegister {
  private final Path directory;
  private final Path file;
  private final InstantSource clock;
  private volatile Snapshot snapshot = new Snapshot("", Map.of());

  public enum Standing {
    GOOD,
    REVOKED,
    UNKNOWN
  }

  private record Snapshot(String stamp, Map<String, RegisteredClient> clients) {}

  private ClientRegister(Path directory, InstantSource clock) {
    this.directory = directory;
    this.file = directory.resolve("clients.json");
    this.clock = clock;
  }

  public static ClientRegister open(Path directory, InstantSource clock) {
    return new ClientRegister(directory, clock);
  }

  public List<RegisteredClient> clients() {
    return List.copyOf(current().values());
  }

  public Standing standing(ClientIdentity client) {
    return Optional.ofNullable(current().get(client.name()))
        .flatMap(known -> known.certificate(client.serial()))
        .map(issued -> issued.revoked() ? Standing.REVOKED : Standing.GOOD)
        .orElse(Standing.UNKNOWN);
  }

  /**
   * Registers the first certificate of an enrolment, and revokes those of an earlier device of that
   * name.
   *
   * @param invited when the device's token was made
   * @throws TrustException if the name was revoked since
   */
  public void enrolled(ClientIdentity client, Instant invited) throws IOException {
    change(
        client.name(),
        known -> {
          if (known.revoked().filter(time -> !time.isBefore(invited)).isPresent()) {
            throw new TrustException(
                "a token must be newer than the revocation of its client: client=%s; ask the operator for a new one"
                    .formatted(client.name()));
          }
          return known.withoutCertificates().withCertificate(issued(client));
        });
  }

  /**
   * Registers a renewed certificate; the old one is valid until it expires, should the device fail
   * to store the new one.
   *
   * @throws TrustException if the old one has been revoked
   */
  public void renewed(ClientIdentity old, ClientIdentity renewed) throws IOException {
    change(
        old.name(),
        known -> {
          if (known.certificate(old.serial()).filter(each -> !each.revoked()).isEmpty()) {
            throw new TrustException(
                "a certificate must hold to be renewed: client=%s is revoked; enrol anew"
                    .formatted(old.name()));
          }
          return known.withCertificate(issued(renewed));
        });
  }

  /** Revokes all certificates and tokens that a name has until now. */
  public RegisteredClient revoke(String name) throws IOException {
    return change(name, known -> known.withRevoked(clock.instant()));
  }

  private static RegisteredClient.Certificate issued(ClientIdentity client) {
    return new RegisteredClient.Certificate(client.serial(), client.expires(), false);
  }

  private RegisteredClient change(String name, UnaryOperator<RegisteredClient> change)
      throws IOException {
    return RegisterLock.in(
        directory,
        () -> {
          Map<String, RegisteredClient> clients = RegisterFile.read(file);
          RegisteredClient changed =
              change.apply(clients.getOrDefault(name, RegisteredClient.unknown(name)));
          clients.put(name, changed);
          RegisterFile.write(file, clients.values());
          return changed;
        });
  }

  /** Reads the file only if its attributes changed. */
  private Map<String, RegisteredClient> current() {
    try {
      Snapshot known = snapshot;
      String stamp = stamp();
      if (!stamp.equals(known.stamp())) {
        known = new Snapshot(stamp, RegisterFile.read(file));
        snapshot = known;
      }
      return known.clients();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String stamp() throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return "%s %d %s"
          .formatted(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    } catch (NoSuchFileException e) {
      return "absent";
    }
  }
}
