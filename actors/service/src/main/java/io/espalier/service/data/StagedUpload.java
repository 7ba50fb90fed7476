package io.espalier.service.data;

import io.espalier.configs.file.PrivateDirectory;
import io.espalier.service.RefusedRequestException;
import io.espalier.service.RefusedRequestException.Reason;
import io.espalier.trainer.file.Sha256;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/** Writes one upload below a directory of its own. Not thread-safe. */
final class StagedUpload {
  private static final int PIECE_BYTES = 1 << 16;
  private static final int MOST_FILES = 1_000_000;
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path place;
  private final LongConsumer room;
  private long bytes;

  /** What was written; {@code sha256} as {@link DataSet} has it. */
  record Written(int files, long bytes, String sha256) {}

  /** Writes to {@code place}; {@code room} refuses bytes for which there is none. */
  StagedUpload(Path place, LongConsumer room) {
    this.place = place;
    this.room = room;
  }

  Written file(InputStream in) throws IOException {
    String sha256 = write(in, place);
    return new Written(1, bytes, sha256);
  }

  /** Unpacks a ZIP archive. Links are no entries of their own in it: all become plain files. */
  Written folder(InputStream in) throws IOException {
    FolderDigest digest = new FolderDigest();
    int files = 0;
    PrivateDirectory.createNew(place);
    try (ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (!entry.isDirectory()) {
          files++;
          digest.add(entry.getName(), write(zip, inside(entry.getName(), files)));
        }
      }
    } catch (ZipException | EOFException e) {
      throw invalid("a folder must arrive as a ZIP archive: cause=" + e.getMessage());
    } catch (FileAlreadyExistsException e) {
      throw invalid(
          "a path must come once, and name a file or a folder: path="
              + place.relativize(Path.of(e.getFile())));
    }
    if (files == 0) {
      throw invalid("a folder must have a file: files=0");
    }
    return new Written(files, bytes, digest.value());
  }

  private Path inside(String name, int files) throws IOException {
    if (files > MOST_FILES) {
      throw invalid("a folder must have at most %,d files".formatted(MOST_FILES));
    }
    try {
      Path file = place.resolve(FolderPath.require(name));
      PrivateDirectory.create(Objects.requireNonNull(file.getParent()));
      return file;
    } catch (IllegalArgumentException e) {
      throw invalid(String.valueOf(e.getMessage()));
    }
  }

  private String write(InputStream in, Path file) throws IOException {
    MessageDigest digest = Sha256.begin();
    byte[] piece = new byte[PIECE_BYTES];
    try (FileChannel channel =
            FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY);
        OutputStream out = Channels.newOutputStream(channel)) {
      for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
        room.accept(count);
        out.write(piece, 0, count);
        digest.update(piece, 0, count);
        bytes += count;
      }
      channel.force(true);
    }
    return Sha256.hex(digest);
  }

  private static RefusedRequestException invalid(String message) {
    return new RefusedRequestException(
        Reason.INVALID_DATA, message + "; nothing of the upload is kept");
  }
}
