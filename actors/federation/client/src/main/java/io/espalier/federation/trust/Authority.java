package io.espalier.federation.trust;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The certificate authority of one federation, in a directory of its owner's alone.
 *
 * <pre>
 * authority.pem   its key and certificate (10 years)
 * server.pem      the server's key and certificates (a year; renewed when a third remains)
 * clients.json    the clients and the certificates that they were given
 * tokens/         tokens that no device has used yet
 * </pre>
 *
 * Thread-safe.
 */
public final class Authority {
  public static final Duration CLIENT_LIFE = Duration.ofDays(7);

  private static final String AUTHORITY = "authority.pem";
  private static final String SERVER = "server.pem";

  private final Path directory;
  private final KeyedChain own;
  private final KeyedChain server;
  private final InstantSource clock;

  private Authority(Path directory, KeyedChain own, KeyedChain server, InstantSource clock) {
    this.directory = directory;
    this.own = own;
    this.server = server;
    this.clock = clock;
  }

  /**
   * Creates an authority, and a certificate for its server.
   *
   * @param hostNames DNS names and IP addresses by which devices reach the server; localhost,
   *     127.0.0.1 and ::1 are added
   * @throws TrustException if the directory has one already
   */
  public static Authority create(Path directory, Collection<String> hostNames, InstantSource clock)
      throws IOException {
    OwnerOnlyFiles.makeDirectory(directory);
    return RegisterLock.in(
        directory,
        () -> {
          if (Files.exists(directory.resolve(AUTHORITY))) {
            throw new TrustException(
                "an authority must not replace another, whose devices would be lost: directory=%s has %s; use that one, or choose another directory"
                    .formatted(directory, AUTHORITY));
          }
          KeyedChain own = CertificateIssuer.newAuthority(clock.instant());
          // The server's first: with the authority's file, all is there.
          KeyedChain server = newServer(directory, own, hostNames, clock.instant());
          own.write(directory.resolve(AUTHORITY));
          return new Authority(directory, own, server, clock);
        });
  }

  /**
   * Opens an authority. Renews its server's certificate if less than a third of its life remains or
   * it lacks a host's name.
   *
   * @param hostNames to add to those that the server has
   * @throws TrustException if the directory has none, or its files are damaged
   */
  public static Authority open(Path directory, Collection<String> hostNames, InstantSource clock)
      throws IOException {
    if (!Files.exists(directory.resolve(AUTHORITY))) {
      throw new TrustException(
          "a federation must have an authority: directory=%s has no %s; make one with 'espalier federate init'"
              .formatted(directory, AUTHORITY));
    }
    return RegisterLock.in(
        directory,
        () -> {
          KeyedChain own = KeyedChain.read(directory.resolve(AUTHORITY));
          KeyedChain server = server(directory, own, hostNames, clock.instant());
          return new Authority(directory, own, server, clock);
        });
  }

  private static KeyedChain server(
      Path directory, KeyedChain own, Collection<String> hostNames, Instant now)
      throws IOException {
    if (!Files.exists(directory.resolve(SERVER))) {
      return newServer(directory, own, hostNames, now);
    }
    KeyedChain server = KeyedChain.read(directory.resolve(SERVER));
    boolean holds =
        !server.expiresSoon(now)
            && server.authority().equals(own.authority())
            && CertificateIssuer.covers(server.certificate(), hostNames);
    if (holds) {
      return server;
    }
    Set<String> all = CertificateIssuer.hostNames(server.certificate());
    all.addAll(hostNames);
    return newServer(directory, own, all, now);
  }

  private static KeyedChain newServer(
      Path directory, KeyedChain own, Collection<String> hostNames, Instant now)
      throws IOException {
    KeyedChain server = new CertificateIssuer(own).server(hostNames, now);
    server.write(directory.resolve(SERVER));
    return server;
  }

  public Path directory() {
    return directory;
  }

  /** The fingerprint in tokens, by which devices recognise the authority. */
  public Fingerprint fingerprint() {
    return Fingerprint.of(own.certificate());
  }

  /** The DNS names and IP addresses in the server's certificate. */
  public Set<String> hostNames() {
    return CertificateIssuer.hostNames(server.certificate());
  }

  X509Certificate certificate() {
    return own.certificate();
  }

  KeyedChain server() {
    return server;
  }

  /** Issues a client's certificate; followed by the authority's. */
  List<X509Certificate> certify(String client, PublicKey key, Duration life) {
    return List.of(
        new CertificateIssuer(own).client(client, key, life, clock.instant()), own.certificate());
  }
}
