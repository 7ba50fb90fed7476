package io.espalier.federation.trust;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts a server that the authority with a known fingerprint certified under the name that is
 * called. Thread-safe.
 */
final class ServerTrust extends RefusingTrustManager {
  private final Fingerprint authority;

  public ServerTrust(Fingerprint authority) {
    this.authority = authority;
  }

  public static final class UntrustedServerException extends CertificateException {
    private UntrustedServerException(String message) {
      super(message);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    if (!"HTTPS".equals(engine.getSSLParameters().getEndpointIdentificationAlgorithm())) {
      throw new CertificateException("a connection must check the name of its host");
    }
    X509ExtendedTrustManager platform = platform(chain);
    checkDates(chain[0]);
    checkAuthority(platform, chain, type);
    try {
      platform.checkServerTrusted(chain, type, engine);
    } catch (CertificateException e) {
      throw untrusted(
          "the server's certificate must name the host: host=%s, certificate names=%s; use one of these, or have the operator add the host"
              .formatted(engine.getPeerHost(), String.join(", ", ServerNames.of(chain[0]))),
          e);
    }
  }

  private void checkAuthority(
      X509ExtendedTrustManager platform, X509Certificate[] chain, String type)
      throws UntrustedServerException {
    try {
      platform.checkServerTrusted(chain, type);
    } catch (CertificateException e) {
      throw untrusted(
          "the server's certificate must be made by its authority for servers: subject="
              + chain[0].getSubjectX500Principal(),
          e);
    }
  }

  private static void checkDates(X509Certificate server) throws UntrustedServerException {
    try {
      server.checkValidity();
    } catch (CertificateExpiredException | CertificateNotYetValidException e) {
      throw untrusted(
          "the server's certificate must be valid now: from=%s, to=%s; check the device's clock, or restart the server, which renews it"
              .formatted(server.getNotBefore().toInstant(), server.getNotAfter().toInstant()),
          e);
    }
  }

  private X509ExtendedTrustManager platform(X509Certificate[] chain) throws CertificateException {
    X509Certificate last = chain[chain.length - 1];
    Fingerprint found = Fingerprint.of(last);
    if (!found.equals(authority)) {
      throw untrusted(
          "the server must belong to the expected authority: expected=%s, found=%s; check the address, or take a token from this server"
              .formatted(authority.hex(), found.hex()),
          null);
    }
    try {
      KeyStore anchors = KeyStore.getInstance("PKCS12");
      anchors.load(null, null);
      anchors.setCertificateEntry("authority", last);
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(anchors);
      return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    } catch (GeneralSecurityException | IOException e) {
      throw new CertificateException("the Java platform must check certificates", e);
    }
  }

  private static UntrustedServerException untrusted(String message, @Nullable Throwable cause) {
    UntrustedServerException untrusted = new UntrustedServerException(message);
    untrusted.initCause(cause);
    return untrusted;
  }
}
