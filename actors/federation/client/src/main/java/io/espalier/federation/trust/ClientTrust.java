package io.espalier.federation.trust;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;

/**
 * Trusts the client certificates of the server's own authority, and no others. Expired ones pass,
 * for an alert of TLS could not give the reason: {@link CertifiedClients} checks the dates.
 * Thread-safe.
 */
final class ClientTrust extends RefusingTrustManager {
  private static final String CLIENT_USAGE = "1.3.6.1.5.5.7.3.2";

  private final X509Certificate authority;
  private final Consumer<String> refused;

  /** {@code refused} receives the reason of each refused handshake. */
  public ClientTrust(X509Certificate authority, Consumer<String> refused) {
    this.authority = authority;
    this.refused = refused;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    try {
      check(chain[0]);
    } catch (GeneralSecurityException e) {
      refused.accept(
          "a client's certificate must be this authority's: subject=%s, issuer=%s; enrol the device with a token of this server"
              .formatted(chain[0].getSubjectX500Principal(), chain[0].getIssuerX500Principal()));
      throw new CertificateException("a client's certificate must be this authority's", e);
    }
  }

  private void check(X509Certificate client) throws GeneralSecurityException {
    PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(client.getNotAfter().toInstant()));
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509").generateCertPath(List.of(client)), parameters);
    List<String> usages = client.getExtendedKeyUsage();
    if (usages == null || !usages.contains(CLIENT_USAGE)) {
      throw new CertificateException("a client's certificate must be made for clients");
    }
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[] {authority};
  }
}
