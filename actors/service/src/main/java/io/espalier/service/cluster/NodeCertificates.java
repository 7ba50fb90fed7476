package io.espalier.service.cluster;

import io.espalier.federation.trust.CertificateIssuer;
import io.espalier.federation.trust.KeyedChain;
import io.espalier.federation.trust.OwnerOnlyFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * The certificates of a service's nodes, by an authority of the service's own.
 *
 * <pre>
 * authority.pem   its key and certificate: stays where nodes are certified
 * node.pem        a node's key and certificate, and the authority's: goes to that node
 * </pre>
 *
 * <p>A certificate of that authority permits everything in the service. Devices of federations have
 * another authority, for clients only.
 */
public final class NodeCertificates {
  public static final String NODE = "node.pem";

  private static final String AUTHORITY = "authority.pem";

  private NodeCertificates() {}

  /**
   * Makes a node's key and certificate, and the authority if absent; returns the written file.
   *
   * @param authority its directory
   * @param hosts DNS names and IP addresses by which other nodes reach this one
   */
  public static Path issue(Path authority, Collection<String> hosts, Path out, Instant now)
      throws IOException {
    OwnerOnlyFiles.makeDirectory(authority);
    Path file = authority.resolve(AUTHORITY);
    if (!Files.exists(file)) {
      CertificateIssuer.newAuthority(now).write(file);
    }
    KeyedChain node = new CertificateIssuer(KeyedChain.read(file)).node(hosts, now);
    OwnerOnlyFiles.makeDirectory(out);
    node.write(out.resolve(NODE));
    return out.resolve(NODE);
  }

  /** A certificate of this process alone, for a service of one node. */
  static KeyedChain throwAway(Instant now) {
    return new CertificateIssuer(CertificateIssuer.newAuthority(now))
        .node(List.of("127.0.0.1"), now);
  }
}
