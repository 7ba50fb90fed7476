package io.espalier.federation.client;

import io.espalier.federation.protocol.UploadHeader;
import java.nio.file.Path;

record FinishedResult(UploadHeader header, Path file) {
  public String round() {
    return header.getRound();
  }
}
