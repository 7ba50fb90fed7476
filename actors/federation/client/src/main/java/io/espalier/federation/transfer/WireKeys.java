package io.espalier.federation.transfer;

import io.grpc.Metadata;

/** Headers and trailers of a federation's calls. */
public final class WireKeys {
  /** Header: the client's name, for calls without a certificate. */
  public static final Metadata.Key<String> CLIENT =
      Metadata.Key.of("espalier-client", Metadata.ASCII_STRING_MARSHALLER);

  /** Trailer of a refused call: the word of a refusal reason. The status has the detail. */
  public static final Metadata.Key<String> REASON =
      Metadata.Key.of("espalier-reason", Metadata.ASCII_STRING_MARSHALLER);

  private WireKeys() {}
}
