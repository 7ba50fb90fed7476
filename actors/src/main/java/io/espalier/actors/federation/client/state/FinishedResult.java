package io.espalier.actors.federation.client.state;

import io.espalier.actors.federation.protocol.UploadHeader;
import java.nio.file.Path;

/** A result that the server has not acknowledged yet. */
public record FinishedResult(UploadHeader header, Path file) {
  public String round() {
    return header.getRound();
  }
}
