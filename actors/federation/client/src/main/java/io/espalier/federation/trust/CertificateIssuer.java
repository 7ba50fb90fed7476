package io.espalier.federation.trust;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Issues the certificates of one authority (Cooper et al., RFC 5280, 2008). All begin a little
 * before now, as the clocks of devices differ; none outlives the authority. Thread-safe.
 */
public final class CertificateIssuer {
  private static final Duration SKEW = Duration.ofMinutes(5);
  private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
  private static final Duration SERVER_LIFE = Duration.ofDays(365);
  private static final int SERIAL_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final KeyedChain authority;

  public CertificateIssuer(KeyedChain authority) {
    this.authority = authority;
  }

  /** A new authority that signs itself. */
  public static KeyedChain newAuthority(Instant now) {
    KeyPair pair = EcKeys.generate();
    byte[] suffix = new byte[4];
    RANDOM.nextBytes(suffix);
    X500Name name = commonName("Espalier federation " + HexFormat.of().formatHex(suffix));
    JcaX509v3CertificateBuilder builder =
        builder(name, now, now.plus(AUTHORITY_LIFE), name, pair.getPublic());
    critical(builder, Extension.basicConstraints, new BasicConstraints(0));
    critical(builder, Extension.keyUsage, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    plain(
        builder,
        Extension.subjectKeyIdentifier,
        extensions().createSubjectKeyIdentifier(pair.getPublic()));
    return new KeyedChain(pair.getPrivate(), List.of(signed(builder, pair.getPrivate())));
  }

  /** A new key and certificate for the server, valid for the given names and the machine's own. */
  public KeyedChain server(Collection<String> hostNames, Instant now) {
    return listening("server", ServerNames.of(hostNames), now, KeyPurposeId.id_kp_serverAuth);
  }

  /**
   * A new key and certificate for a node of the service, which is server and client to the others.
   * It is valid for no other names: loopback names would fit every machine.
   *
   * @param hostNames DNS names and IP addresses by which other nodes reach it, at least one
   */
  public KeyedChain node(Collection<String> hostNames, Instant now) {
    return listening(
        "node",
        ServerNames.exactly(hostNames),
        now,
        KeyPurposeId.id_kp_serverAuth,
        KeyPurposeId.id_kp_clientAuth);
  }

  private KeyedChain listening(
      String subject, Set<String> hostNames, Instant now, KeyPurposeId... usages) {
    KeyPair pair = EcKeys.generate();
    JcaX509v3CertificateBuilder builder =
        leaf(commonName(subject), pair.getPublic(), SERVER_LIFE, now);
    plain(builder, Extension.subjectAlternativeName, ServerNames.alternativeNames(hostNames));
    plain(builder, Extension.extendedKeyUsage, new ExtendedKeyUsage(usages));
    return new KeyedChain(
        pair.getPrivate(), List.of(signed(builder, authority.key()), authority.authority()));
  }

  public static boolean covers(X509Certificate server, Collection<String> hostNames) {
    return ServerNames.of(server).containsAll(ServerNames.of(hostNames));
  }

  public static Set<String> hostNames(X509Certificate server) {
    return ServerNames.of(server);
  }

  public X509Certificate client(String name, PublicKey key, Duration life, Instant now) {
    JcaX509v3CertificateBuilder builder = leaf(commonName(name), key, life, now);
    plain(builder, Extension.extendedKeyUsage, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
    return signed(builder, authority.key());
  }

  /** The common name of a certificate's subject; empty if it has none. */
  public static String subject(X509Certificate certificate) {
    RDN[] names =
        X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded())
            .getRDNs(BCStyle.CN);
    return names.length == 0 ? "" : IETFUtils.valueToString(names[0].getFirst().getValue());
  }

  private JcaX509v3CertificateBuilder leaf(
      X500Name subject, PublicKey key, Duration life, Instant now) {
    X509Certificate issuer = authority.authority();
    Instant last = issuer.getNotAfter().toInstant();
    Instant end = now.plus(life);
    JcaX509v3CertificateBuilder builder =
        builder(
            X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded()),
            now.minus(SKEW),
            end.isBefore(last) ? end : last,
            subject,
            key);
    critical(builder, Extension.basicConstraints, new BasicConstraints(false));
    critical(builder, Extension.keyUsage, new KeyUsage(KeyUsage.digitalSignature));
    plain(
        builder,
        Extension.authorityKeyIdentifier,
        extensions().createAuthorityKeyIdentifier(issuer.getPublicKey()));
    return builder;
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Name issuer, Instant from, Instant to, X500Name subject, PublicKey key) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS - 1),
        Date.from(from),
        Date.from(to),
        subject,
        key);
  }

  private static X500Name commonName(String name) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
  }

  private static JcaX509ExtensionUtils extensions() {
    try {
      return new JcaX509ExtensionUtils();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the Java platform must have SHA-1", e);
    }
  }

  private static void critical(
      JcaX509v3CertificateBuilder builder, ASN1ObjectIdentifier kind, ASN1Encodable value) {
    extend(builder, kind, true, value);
  }

  private static void plain(
      JcaX509v3CertificateBuilder builder, ASN1ObjectIdentifier kind, ASN1Encodable value) {
    extend(builder, kind, false, value);
  }

  private static void extend(
      JcaX509v3CertificateBuilder builder,
      ASN1ObjectIdentifier kind,
      boolean critical,
      ASN1Encodable value) {
    try {
      builder.addExtension(kind, critical, value);
    } catch (IOException e) {
      throw new IllegalStateException("an extension must have a DER form", e);
    }
  }

  private static X509Certificate signed(JcaX509v3CertificateBuilder builder, PrivateKey key) {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    } catch (OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException("the authority's key must be able to sign", e);
    }
  }
}
