package io.espalier.service.http;

import io.espalier.configs.Rules;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Address and limits of a server; port 0 is any free one, plaintext stays on this machine.
 *
 * @param requireToken whether callers on this machine need a token too, for everything but {@code
 *     /health}, {@code /ready} and signed links
 */
public record HttpSettings(
    InetSocketAddress address,
    Optional<TlsFiles> tls,
    Limits limits,
    Times times,
    boolean requireToken) {
  /**
   * PEM files, read again after a change: the certificate chain of the service, and its unencrypted
   * PKCS #8 key.
   */
  public record TlsFiles(Path certificate, Path key) {}

  /**
   * Limits of numbers.
   *
   * @param connections at once; for a further one, that which waits longest without a token ends.
   *     At most a quarter of the files that the process may open
   * @param connectionsOfAddress without a token, of one address beyond this machine
   * @param streams of events, in all
   * @param streamsOfToken of events, per token
   */
  public record Limits(int connections, int connectionsOfAddress, int streams, int streamsOfToken) {
    public static final Limits DEFAULT = new Limits(2_048, 256, 1_000, 600);

    public Limits {
      new Rules()
          .require("connections", connections, connections >= 1, "1 or more")
          .require(
              "connectionsOfAddress", connectionsOfAddress, connectionsOfAddress >= 1, "1 or more")
          .require("streams", streams, streams >= 1, "1 or more")
          .require("streamsOfToken", streamsOfToken, streamsOfToken >= 1, "1 or more")
          .verify();
    }
  }

  /**
   * Limits of time.
   *
   * @param first from the opening of a connection, or the end of an answer to a request without a
   *     token, to the end of the next request's head
   * @param head the same after a request with a token; also for taking the rest of a last answer
   * @param body from the end of a request's head to the end of its body
   * @param answer from the end of a request's body to the beginning of its answer
   * @param idle that nothing moves on a connection, such as while a client does not read
   * @param look between two looks at the events of a run that has listeners
   * @param heartbeat of silence until a stream of events sends a comment
   * @param end that calls may take while the server closes
   */
  public record Times(
      Duration first,
      Duration head,
      Duration body,
      Duration answer,
      Duration idle,
      Duration look,
      Duration heartbeat,
      Duration end) {
    public static final Times DEFAULT =
        new Times(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(20),
            Duration.ofSeconds(15),
            Duration.ofSeconds(90),
            Duration.ofMillis(250),
            Duration.ofSeconds(15),
            Duration.ofSeconds(5));
  }

  public HttpSettings {
    boolean isLocal = isLoopback(address);
    new Rules()
        .require(
            "address", address, !address.isUnresolved(), "one that a name server knows, or numbers")
        .require(
            "address",
            address,
            isLocal || tls.isPresent(),
            "on this machine's loopback unless there is TLS; use 127.0.0.1, or give --tls-certificate and --tls-key, both PEM files")
        .verify();
  }

  public HttpSettings(
      InetSocketAddress address, Optional<TlsFiles> tls, Limits limits, Times times) {
    this(address, tls, limits, times, false);
  }

  /** Plaintext on the loopback; port 0 for any free one. */
  public static HttpSettings loopback(int port) {
    return new HttpSettings(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
        Optional.empty(),
        Limits.DEFAULT,
        Times.DEFAULT);
  }

  public HttpSettings withTls(TlsFiles files) {
    return new HttpSettings(address, Optional.of(files), limits, times, requireToken);
  }

  public HttpSettings withLimits(Limits other) {
    return new HttpSettings(address, tls, other, times, requireToken);
  }

  public HttpSettings withTimes(Times other) {
    return new HttpSettings(address, tls, limits, other, requireToken);
  }

  public HttpSettings withRequiredToken(boolean required) {
    return new HttpSettings(address, tls, limits, times, required);
  }

  /** Where a client on this machine finds the server bound to {@code bound}. */
  public URI uri(InetSocketAddress bound) {
    InetAddress at = bound.getAddress();
    String host = at.isAnyLocalAddress() ? "localhost" : at.getHostAddress();
    return URI.create(
        "%s://%s:%d"
            .formatted(
                tls.isPresent() ? "https" : "http",
                host.contains(":") ? "[" + host + "]" : host,
                bound.getPort()));
  }

  /** Whether only this machine can reach it. */
  public boolean isLocal() {
    return isLoopback(address);
  }

  /** Whether everyone on this machine may see what changes nothing, without a token. */
  public boolean isOpen() {
    return isLocal() && !requireToken;
  }

  private static boolean isLoopback(InetSocketAddress address) {
    return !address.isUnresolved() && address.getAddress().isLoopbackAddress();
  }
}
