package io.espalier.federation.client;

import io.espalier.configs.file.AtomicFile;
import io.espalier.trainer.file.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/** A small file that begins with the SHA-256 of its content. */
final class ChecksummedFile {
  private static final int DIGEST = 32;

  private ChecksummedFile() {}

  static void write(Path file, byte[] content) throws IOException {
    byte[] digest = digest(content, 0);
    AtomicFile.write(
        file,
        out -> {
          out.write(digest);
          out.write(content);
        });
  }

  static Optional<byte[]> read(Path file) throws IOException {
    try {
      byte[] all = Files.readAllBytes(file);
      return all.length >= DIGEST && Arrays.equals(Arrays.copyOf(all, DIGEST), digest(all, DIGEST))
          ? Optional.of(Arrays.copyOfRange(all, DIGEST, all.length))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static byte[] digest(byte[] bytes, int from) {
    MessageDigest digest = Sha256.begin();
    digest.update(bytes, from, bytes.length - from);
    return digest.digest();
  }
}
