package io.espalier.service.cluster;

import akka.actor.ActorSystem;
import akka.remote.artery.tcp.SSLEngineProvider;
import io.espalier.federation.trust.KeyedChain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManagerFactory;
import scala.Option;

/**
 * TLS 1.3 with mutual certificates of the service's node authority and a host name check. Akka
 * instantiates it by its name in the settings.
 *
 * <p>A new file takes effect with the next connection. Without a file, certificate and authority
 * exist in this process only, so that no other can connect. Akka's own provider supports no
 * elliptic curve keys, and all nodes share a name there. Thread-safe.
 */
public final class NodeTls implements SSLEngineProvider {
  private static final String SETTING = "espalier.node.certificate";
  private static final String[] PROTOCOLS = {"TLSv1.3"};
  private static final List<String> USAGES = List.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
  private static final char[] NO_PASSWORD = new char[0];

  private final Optional<Path> file;
  private Loaded loaded;

  private record Loaded(FileTime changed, SSLContext context) {}

  /** Used by Akka. */
  public NodeTls(ActorSystem system) {
    this(system.settings().config().getString(SETTING));
  }

  /** An empty path makes a certificate of this process alone. */
  NodeTls(String path) {
    this.file = path.isEmpty() ? Optional.empty() : Optional.of(Path.of(path));
    this.loaded =
        file.map(NodeTls::load)
            .orElseGet(
                () ->
                    new Loaded(
                        FileTime.fromMillis(0),
                        context(NodeCertificates.throwAway(Instant.now()))));
  }

  @Override
  public SSLEngine createServerSSLEngine(String hostname, int port) {
    SSLEngine engine = context().createSSLEngine(hostname, port);
    engine.setUseClientMode(false);
    engine.setEnabledProtocols(PROTOCOLS);
    engine.setNeedClientAuth(true);
    return engine;
  }

  @Override
  public SSLEngine createClientSSLEngine(String hostname, int port) {
    SSLEngine engine = context().createSSLEngine(hostname, port);
    engine.setUseClientMode(true);
    engine.setEnabledProtocols(PROTOCOLS);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    return engine;
  }

  @Override
  public Option<Throwable> verifyClientSession(String hostname, SSLSession session) {
    return requireNode(session);
  }

  @Override
  public Option<Throwable> verifyServerSession(String hostname, SSLSession session) {
    return requireNode(session);
  }

  private static Option<Throwable> requireNode(SSLSession session) {
    try {
      X509Certificate peer = (X509Certificate) session.getPeerCertificates()[0];
      List<String> usages = peer.getExtendedKeyUsage();
      return usages != null && usages.containsAll(USAGES)
          ? Option.empty()
          : Option.apply(
              new GeneralSecurityException(
                  "a peer's certificate must be one of a node: subject="
                      + peer.getSubjectX500Principal()));
    } catch (GeneralSecurityException | IOException e) {
      return Option.apply(e);
    }
  }

  private synchronized SSLContext context() {
    file.ifPresent(
        path -> {
          if (!changed(path).equals(loaded.changed())) {
            loaded = load(path);
          }
        });
    return loaded.context();
  }

  private static Loaded load(Path path) {
    try {
      return new Loaded(changed(path), context(KeyedChain.read(path)));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "a node must have its certificate: file=%s; make one with 'espalier serve certificate'"
              .formatted(path),
          e);
    }
  }

  private static FileTime changed(Path path) {
    try {
      return Files.getLastModifiedTime(path);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "a node must have its certificate: file=%s; make one with 'espalier serve certificate'"
              .formatted(path),
          e);
    }
  }

  private static SSLContext context(KeyedChain node) {
    try {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(null, null);
      keys.setKeyEntry(
          "node", node.key(), NO_PASSWORD, node.chain().toArray(X509Certificate[]::new));
      KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
      own.init(keys, NO_PASSWORD);
      KeyStore authorities = KeyStore.getInstance("PKCS12");
      authorities.load(null, null);
      authorities.setCertificateEntry("authority", node.authority());
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(authorities);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("a node's certificate must be usable", e);
    }
  }
}
