package io.espalier.service.notice;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file with a secret on one line. It is read at each use, so that it can be replaced. */
public record SecretFile(Path file) {
  private static final int MOST_BYTES = 4_096;

  /**
   * Returns the secret.
   *
   * @throws IOException if the file has not exactly one line of printable ASCII characters; the
   *     message names the file and not the secret
   */
  public String read() throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MOST_BYTES + 1);
    } catch (IOException e) {
      throw new IOException("must be a file that can be read: file=" + file, e);
    }
    String secret = new String(bytes, StandardCharsets.UTF_8).strip();
    if (bytes.length > MOST_BYTES || !secret.matches("[\\x20-\\x7e]+")) {
      throw new IOException(
          "must hold one line of 1 to %d printable ASCII characters: file=%s"
              .formatted(MOST_BYTES, file));
    }
    return secret;
  }
}
