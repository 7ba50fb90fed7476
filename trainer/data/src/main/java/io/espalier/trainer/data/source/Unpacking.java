package io.espalier.trainer.data.source;

import io.espalier.configs.file.AtomicFile;
import io.espalier.trainer.file.Sha256;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

record Unpacking(RemoteFile file, long limit) {
  private static final int GZIP_MAGIC = 0x1f8b;

  /** Writes the unpacked content atomically; refuses damage and other digests. */
  void unpack(Path source, Path target, String sha256) throws IOException {
    try (InputStream in = unpacked(source)) {
      AtomicFile.write(target, out -> requireDigest(sha256, copy(in, out)));
    } catch (EOFException | ZipException e) {
      throw file.problem("must be an undamaged gzip file, and was removed: " + e.getMessage());
    }
  }

  private void requireDigest(String expected, String found) {
    if (!found.equals(expected)) {
      throw file.problem(
          "must have the expected digest once unpacked, and was removed: sha256=%s, expected=%s"
              .formatted(found, expected));
    }
  }

  /** Decides by the content, not the name: some servers unpack what they send. */
  private static InputStream unpacked(Path source) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(source), 1 << 16);
    in.mark(2);
    int magic = in.read() << 8 | in.read();
    in.reset();
    return magic == GZIP_MAGIC ? new GZIPInputStream(in, 1 << 16) : in;
  }

  private String copy(InputStream in, OutputStream out) throws IOException {
    MessageDigest digest = Sha256.begin();
    byte[] buffer = new byte[1 << 16];
    long total = 0;
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      total += read;
      if (total > limit) {
        throw file.problem("must be at most %d bytes unpacked".formatted(limit));
      }
      digest.update(buffer, 0, read);
      out.write(buffer, 0, read);
    }
    return Sha256.hex(digest);
  }
}
