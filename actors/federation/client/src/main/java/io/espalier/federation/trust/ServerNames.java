package io.espalier.federation.trust;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/** The DNS names and IP addresses by which devices may reach the server. */
final class ServerNames {
  private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  private static final Pattern DNS = Pattern.compile("(" + LABEL + "\\.)*" + LABEL);
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
  private static final int LONGEST = 253;
  private static final List<String> ALWAYS = List.of("localhost", "127.0.0.1", "::1");

  private ServerNames() {}

  static Set<String> exactly(Collection<String> names) {
    Set<String> all = new LinkedHashSet<>();
    names.forEach(each -> all.add(canonical(each)));
    return all;
  }

  /** The canonical names, with those of the machine itself. */
  static Set<String> of(Collection<String> names) {
    Set<String> all = exactly(names);
    ALWAYS.forEach(each -> all.add(canonical(each)));
    return all;
  }

  static Set<String> of(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      Set<String> all = new LinkedHashSet<>();
      if (names != null) {
        names.forEach(each -> all.add(canonical(String.valueOf(each.get(1)))));
      }
      return all;
    } catch (CertificateParsingException e) {
      throw new TrustException(
          "a server's certificate must name its hosts; remove server.pem, and it is made anew", e);
    }
  }

  static GeneralNames alternativeNames(Set<String> names) {
    return new GeneralNames(
        names.stream()
            .map(
                each ->
                    new GeneralName(
                        isAddress(each) ? GeneralName.iPAddress : GeneralName.dNSName, each))
            .toArray(GeneralName[]::new));
  }

  private static boolean isAddress(String name) {
    return ADDRESS.matcher(name).matches();
  }

  private static String canonical(String name) {
    try {
      if (isAddress(name)) {
        // A literal is never looked up.
        return InetAddress.getByName(name).getHostAddress();
      }
    } catch (UnknownHostException e) {
      throw refused(name);
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.length() > LONGEST || !DNS.matcher(lower).matches()) {
      throw refused(name);
    }
    return lower;
  }

  private static TrustException refused(String name) {
    return new TrustException(
        "a server's name must be a DNS name or an IP address, without port: name=%s; correct it"
            .formatted(name));
  }
}
