package io.espalier.service.data;

import io.espalier.configs.file.PrivateDirectory;
import io.espalier.service.RefusedRequestException;
import io.espalier.service.RefusedRequestException.Reason;
import io.espalier.trainer.file.Sha256;
import java.io.EOFException;
import java.io.FilterInputStream;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/** Writes one upload below a directory of its own. Not thread-safe. */
final class StagedUpload {
  private static final int PIECE_BYTES = 1 << 16;
  private static final int MOST_ENTRIES = 20_000;
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path place;
  private final LongConsumer room;
  private final List<Path> written = new ArrayList<>();
  private long bytes;

  /** The files that were written; {@code sha256} as {@link DataSet} has it. */
  record Written(int files, long bytes, String sha256) {}

  /** Writes to {@code place}; {@code room} refuses bytes for which there is none. */
  StagedUpload(Path place, LongConsumer room) {
    this.place = place;
    this.room = room;
  }

  Written file(InputStream in) throws IOException {
    String sha256 = write(in, place);
    force();
    return new Written(1, bytes, sha256);
  }

  /** Unpacks a ZIP archive. Links are no entries of their own in it: all become plain files. */
  Written folder(InputStream in) throws IOException {
    FolderDigest digest = new FolderDigest();
    PrivateDirectory.createNew(place);
    try (ZipInputStream zip = new ZipInputStream(unclosed(in))) {
      int entries = 0;
      for (ZipEntry entry = next(zip); entry != null; entry = next(zip)) {
        requireFew(++entries);
        if (!entry.isDirectory()) {
          digest.add(entry.getName(), write(zip, inside(entry.getName())));
        }
      }
    } catch (ZipException | EOFException e) {
      throw invalid("a folder must arrive as a ZIP archive: cause=" + e.getMessage());
    } catch (FileAlreadyExistsException e) {
      throw invalid(
          "a path must come once, and name a file or a folder: path="
              + place.relativize(Path.of(e.getFile())));
    }
    if (written.isEmpty()) {
      throw invalid("a folder must have a file: files=0");
    }
    force();
    return new Written(written.size(), bytes, digest.value());
  }

  /** The caller reads what is left. */
  private static InputStream unclosed(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public void close() {}
    };
  }

  private static @Nullable ZipEntry next(ZipInputStream zip) throws IOException {
    try {
      return zip.getNextEntry();
    } catch (IllegalArgumentException e) {
      throw invalid(
          "the names in a ZIP archive must be UTF-8: cause=%s; make the archive again with UTF-8 names"
              .formatted(e.getMessage()));
    }
  }

  private static void requireFew(int entries) {
    if (entries > MOST_ENTRIES) {
      throw invalid(
          "a folder must have at most %,d files and folders: found=%,d or more; send fewer and larger files, such as one CSV file, or ask the service's operator to put the folder into a directory of --data"
              .formatted(MOST_ENTRIES, entries));
    }
  }

  private Path inside(String name) throws IOException {
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
    }
    written.add(file);
    return Sha256.hex(digest);
  }

  /** At the end, as it takes longer than all else: an upload that is refused needs none. */
  private void force() throws IOException {
    for (Path file : written) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }
  }

  private static RefusedRequestException invalid(String message) {
    return new RefusedRequestException(
        Reason.INVALID_DATA, message + "; nothing of the upload is kept");
  }
}
