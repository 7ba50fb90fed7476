package io.espalier.service.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The OpenAPI 3.1 document of the API. */
final class OpenApiDocument {
  private static final String RESOURCE = "/io/espalier/service/api/openapi.json";

  private OpenApiDocument() {}

  /** Its JSON, in UTF-8. */
  public static byte[] content() {
    try (InputStream stream = OpenApiDocument.class.getResourceAsStream(RESOURCE)) {
      if (stream == null) {
        throw new IllegalStateException("class path must hold the resource: path=" + RESOURCE);
      }
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
